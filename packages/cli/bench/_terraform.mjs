/**
 * What Terraform needs for the same, calls of plan + apply / of an empty plan / of plan + destroy: OpenTofu 1.12.0 with the
 * vendors' own providers (aliyun/alicloud, baidubce/baiducloud), pointed at this emulator with its documented rules and its
 * clock at the machine's pace, counted in the same request log. Measured 2026-11; `fails`: it did not get there.
 */
export const TERRAFORM = {
  'alibaba-pair': [15, 3, 14],
  'alibaba-across': [18, 4, 16],
  'alibaba-mesh-6': [225, 45, 205],
  'alibaba-hub-10': [150, 30, 135],
  'alibaba-router-interface': [34, 6, 30],
  'alibaba-line': [44, 9, 'fails'],
  'alibaba-50-routes': [303, 51, 349],
  'baidu-pair': [16, 6, 10],
  'baidu-mesh-5': [160, 60, 100],
  'baidu-line-3': [5, 2, 4],
  'baidu-line-33': [5, 2, 4],
};
