/** Records of peer connections as the vendor's Python page prints them (2025-10-16). */

export const LINK = 'peerconn-9td54fmx143e';
export const PARTNER = '75c14a239bb24b9e88b695e8e9e47952';

/** As the vendor's page prints the list, with its own spelling of the bandwidth. */
export const LISTED = {
  peerConnId: LINK,
  role: 'initiator',
  status: 'active',
  bandwithInMbp: 500,
  description: 'peer_diff_account',
  localIfId: 'qpif-ken2yc9j8x56',
  localIfName: 'int-SpLVk25R',
  localVpcId: 'vpc-13vuxu016dew',
  localRegion: 'bj',
  peerVpcId: 'vpc-jcvmhw9h1a35',
  peerRegion: 'bj',
  peerAccountId: PARTNER,
  dnsStatus: 'close',
  paymentTiming: 'Postpaid',
  createdTime: '2018-08-07 19:46:55',
  expiredTime: null,
};
/** As it prints the answer for one link, whose VPC ids are of the old form. */
export const DETAILED = {
  peerConnId: LINK, // the vendor's page shows another id here than in its request
  role: 'initiator',
  status: 'active',
  bandwithInMbp: 1000,
  description: 'mypeerconn',
  localIfId: 'qpif-qz9a61ujsizt',
  localIfName: 'dsds',
  localVpcId: '20fada00-f66e-40de-bed4-954af13dc0b2',
  localRegion: 'bj',
  peerVpcId: '1aa1427d-92cf-45d0-bc31-ab4d9fe71425',
  peerRegion: 'bj',
  peerAccountId: PARTNER,
  createdTime: '2018-08-03 20:38:43',
  expiredTime: null,
  dnsStatus: 'close',
  paymentTiming: 'Postpaid',
  tags: [{ tagKey: 'tagKey', tagValue: 'tagValue' }],
  deleteProtect: true,
};
export const ACCEPTOR = { ...DETAILED, role: 'acceptor', status: 'consulting', localIfId: 'qpif-acceptor0000' };
