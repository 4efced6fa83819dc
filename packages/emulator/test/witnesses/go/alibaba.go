package main

import (
	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/tea"
	newer "github.com/alibabacloud-go/vpc-20160428/v6/client"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ecs"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/resourcemanager"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/sts"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/vpc"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/vpcpeer"
)

// rpc is an operation of alibaba-cloud-sdk-go: its own constructor of the request, its own call.
func rpc[Client, Request, Response any](
	connect func(Session) *Client,
	create func() *Request,
	call func(*Client, *Request) (*Response, error),
) operation {
	return func(session Session) (any, error) {
		request := create()
		fill(request, session.Args)
		response, err := call(connect(session), request)
		return response, err
	}
}

// client makes one of a product, for the keys of a session, that asks the recorder instead of the cloud.
func client[Client any](connect func(region, ak, sk string) (Client, error), aim func(Client, string)) func(Session) Client {
	return func(session Session) Client {
		made, err := connect(session.Region, session.Key.Ak, session.Key.Sk)
		if err != nil {
			panic(err)
		}
		aim(made, session.Address)
		return made
	}
}

var (
	vpcClient   = client(vpc.NewClientWithAccessKey, func(c *vpc.Client, at string) { c.Domain = at })
	peerClient  = client(vpcpeer.NewClientWithAccessKey, func(c *vpcpeer.Client, at string) { c.Domain = at })
	stsClient   = client(sts.NewClientWithAccessKey, func(c *sts.Client, at string) { c.Domain = at })
	ecsClient   = client(ecs.NewClientWithAccessKey, func(c *ecs.Client, at string) { c.Domain = at })
	groupClient = client(resourcemanager.NewClientWithAccessKey, func(c *resourcemanager.Client, at string) { c.Domain = at })
)

// newerCall is an operation of the Tea SDK, which signs with ACS3.
func newerCall[Request, Response any](call func(*newer.Client, *Request) (*Response, error), body func(*Response) any) operation {
	return func(session Session) (any, error) {
		client, err := newer.NewClient(&openapi.Config{
			AccessKeyId:     tea.String(session.Key.Ak),
			AccessKeySecret: tea.String(session.Key.Sk),
			Endpoint:        tea.String(session.Address),
			Protocol:        tea.String("HTTP"),
			RegionId:        tea.String(session.Region),
		})
		if err != nil {
			return nil, err
		}
		request := new(Request)
		fill(request, session.Args)
		response, err := call(client, request)
		if err != nil {
			return nil, err
		}
		return body(response), nil
	}
}

var classic = map[string]operation{
	"Vpc.CreateRouterInterface":              rpc(vpcClient, vpc.CreateCreateRouterInterfaceRequest, (*vpc.Client).CreateRouterInterface),
	"Vpc.ModifyRouterInterfaceAttribute":     rpc(vpcClient, vpc.CreateModifyRouterInterfaceAttributeRequest, (*vpc.Client).ModifyRouterInterfaceAttribute),
	"Vpc.ConnectRouterInterface":             rpc(vpcClient, vpc.CreateConnectRouterInterfaceRequest, (*vpc.Client).ConnectRouterInterface),
	"Vpc.ActivateRouterInterface":            rpc(vpcClient, vpc.CreateActivateRouterInterfaceRequest, (*vpc.Client).ActivateRouterInterface),
	"Vpc.DeactivateRouterInterface":          rpc(vpcClient, vpc.CreateDeactivateRouterInterfaceRequest, (*vpc.Client).DeactivateRouterInterface),
	"Vpc.ModifyRouterInterfaceSpec":          rpc(vpcClient, vpc.CreateModifyRouterInterfaceSpecRequest, (*vpc.Client).ModifyRouterInterfaceSpec),
	"Vpc.DeleteRouterInterface":              rpc(vpcClient, vpc.CreateDeleteRouterInterfaceRequest, (*vpc.Client).DeleteRouterInterface),
	"Vpc.DescribeRouterInterfaces":           rpc(vpcClient, vpc.CreateDescribeRouterInterfacesRequest, (*vpc.Client).DescribeRouterInterfaces),
	"Vpc.DescribeRouterInterfaceAttribute":   rpc(vpcClient, vpc.CreateDescribeRouterInterfaceAttributeRequest, (*vpc.Client).DescribeRouterInterfaceAttribute),
	"Vpc.CreateVirtualBorderRouter":          rpc(vpcClient, vpc.CreateCreateVirtualBorderRouterRequest, (*vpc.Client).CreateVirtualBorderRouter),
	"Vpc.DescribeVirtualBorderRouters":       rpc(vpcClient, vpc.CreateDescribeVirtualBorderRoutersRequest, (*vpc.Client).DescribeVirtualBorderRouters),
	"Vpc.ModifyVirtualBorderRouterAttribute": rpc(vpcClient, vpc.CreateModifyVirtualBorderRouterAttributeRequest, (*vpc.Client).ModifyVirtualBorderRouterAttribute),
	"Vpc.DeleteVirtualBorderRouter":          rpc(vpcClient, vpc.CreateDeleteVirtualBorderRouterRequest, (*vpc.Client).DeleteVirtualBorderRouter),
	"Vpc.TerminateVirtualBorderRouter":       rpc(vpcClient, vpc.CreateTerminateVirtualBorderRouterRequest, (*vpc.Client).TerminateVirtualBorderRouter),
	"Vpc.RecoverVirtualBorderRouter":         rpc(vpcClient, vpc.CreateRecoverVirtualBorderRouterRequest, (*vpc.Client).RecoverVirtualBorderRouter),
	"Vpc.DescribePhysicalConnections":        rpc(vpcClient, vpc.CreateDescribePhysicalConnectionsRequest, (*vpc.Client).DescribePhysicalConnections),
	"Vpc.CreateRouteEntry":                   rpc(vpcClient, vpc.CreateCreateRouteEntryRequest, (*vpc.Client).CreateRouteEntry),
	"Vpc.DeleteRouteEntry":                   rpc(vpcClient, vpc.CreateDeleteRouteEntryRequest, (*vpc.Client).DeleteRouteEntry),
	"Vpc.ModifyRouteEntry":                   rpc(vpcClient, vpc.CreateModifyRouteEntryRequest, (*vpc.Client).ModifyRouteEntry),
	"Vpc.CreateRouteEntries":                 rpc(vpcClient, vpc.CreateCreateRouteEntriesRequest, (*vpc.Client).CreateRouteEntries),
	"Vpc.DeleteRouteEntries":                 rpc(vpcClient, vpc.CreateDeleteRouteEntriesRequest, (*vpc.Client).DeleteRouteEntries),
	"Vpc.CreateRouteTable":                   rpc(vpcClient, vpc.CreateCreateRouteTableRequest, (*vpc.Client).CreateRouteTable),
	"Vpc.DeleteRouteTable":                   rpc(vpcClient, vpc.CreateDeleteRouteTableRequest, (*vpc.Client).DeleteRouteTable),
	"Vpc.DescribeRouteEntryList":             rpc(vpcClient, vpc.CreateDescribeRouteEntryListRequest, (*vpc.Client).DescribeRouteEntryList),
	"Vpc.DescribeRouteTables":                rpc(vpcClient, vpc.CreateDescribeRouteTablesRequest, (*vpc.Client).DescribeRouteTables),
	"Vpc.DescribeRouteTableList":             rpc(vpcClient, vpc.CreateDescribeRouteTableListRequest, (*vpc.Client).DescribeRouteTableList),
	"Vpc.CreateVpc":                          rpc(vpcClient, vpc.CreateCreateVpcRequest, (*vpc.Client).CreateVpc),
	"Vpc.DescribeVpcs":                       rpc(vpcClient, vpc.CreateDescribeVpcsRequest, (*vpc.Client).DescribeVpcs),
	"Vpc.DescribeVpcAttribute":               rpc(vpcClient, vpc.CreateDescribeVpcAttributeRequest, (*vpc.Client).DescribeVpcAttribute),
	"Vpc.DeleteVpc":                          rpc(vpcClient, vpc.CreateDeleteVpcRequest, (*vpc.Client).DeleteVpc),
	"Vpc.CreateVSwitch":                      rpc(vpcClient, vpc.CreateCreateVSwitchRequest, (*vpc.Client).CreateVSwitch),
	"Vpc.DescribeVSwitches":                  rpc(vpcClient, vpc.CreateDescribeVSwitchesRequest, (*vpc.Client).DescribeVSwitches),
	"Vpc.DeleteVSwitch":                      rpc(vpcClient, vpc.CreateDeleteVSwitchRequest, (*vpc.Client).DeleteVSwitch),
	"Vpc.DescribeVRouters":                   rpc(vpcClient, vpc.CreateDescribeVRoutersRequest, (*vpc.Client).DescribeVRouters),
	"Vpc.DescribeRegions":                    rpc(vpcClient, vpc.CreateDescribeRegionsRequest, (*vpc.Client).DescribeRegions),
	"Vpc.TagResources":                       rpc(vpcClient, vpc.CreateTagResourcesRequest, (*vpc.Client).TagResources),
	"Vpc.UnTagResources":                     rpc(vpcClient, vpc.CreateUnTagResourcesRequest, (*vpc.Client).UnTagResources),
	"Vpc.ListTagResources":                   rpc(vpcClient, vpc.CreateListTagResourcesRequest, (*vpc.Client).ListTagResources),
	"Vpc.AssociateRouteTable":                rpc(vpcClient, vpc.CreateAssociateRouteTableRequest, (*vpc.Client).AssociateRouteTable),
	"Vpc.UnassociateRouteTable":              rpc(vpcClient, vpc.CreateUnassociateRouteTableRequest, (*vpc.Client).UnassociateRouteTable),
	"VpcPeer.CreateVpcPeerConnection":        rpc(peerClient, vpcpeer.CreateCreateVpcPeerConnectionRequest, (*vpcpeer.Client).CreateVpcPeerConnection),
	"VpcPeer.GetVpcPeerConnectionAttribute":  rpc(peerClient, vpcpeer.CreateGetVpcPeerConnectionAttributeRequest, (*vpcpeer.Client).GetVpcPeerConnectionAttribute),
	"VpcPeer.ListVpcPeerConnections":         rpc(peerClient, vpcpeer.CreateListVpcPeerConnectionsRequest, (*vpcpeer.Client).ListVpcPeerConnections),
	"VpcPeer.AcceptVpcPeerConnection":        rpc(peerClient, vpcpeer.CreateAcceptVpcPeerConnectionRequest, (*vpcpeer.Client).AcceptVpcPeerConnection),
	"VpcPeer.RejectVpcPeerConnection":        rpc(peerClient, vpcpeer.CreateRejectVpcPeerConnectionRequest, (*vpcpeer.Client).RejectVpcPeerConnection),
	"VpcPeer.ModifyVpcPeerConnection":        rpc(peerClient, vpcpeer.CreateModifyVpcPeerConnectionRequest, (*vpcpeer.Client).ModifyVpcPeerConnection),
	"VpcPeer.DeleteVpcPeerConnection":        rpc(peerClient, vpcpeer.CreateDeleteVpcPeerConnectionRequest, (*vpcpeer.Client).DeleteVpcPeerConnection),
	"VpcPeer.MoveResourceGroup":              rpc(peerClient, vpcpeer.CreateMoveResourceGroupRequest, (*vpcpeer.Client).MoveResourceGroup),
	"VpcPeer.TagResources":                   rpc(peerClient, vpcpeer.CreateTagResourcesRequest, (*vpcpeer.Client).TagResources),
	"VpcPeer.UnTagResources":                 rpc(peerClient, vpcpeer.CreateUnTagResourcesRequest, (*vpcpeer.Client).UnTagResources),
	"VpcPeer.ListTagResources":               rpc(peerClient, vpcpeer.CreateListTagResourcesRequest, (*vpcpeer.Client).ListTagResources),
	"Sts.AssumeRole":                         rpc(stsClient, sts.CreateAssumeRoleRequest, (*sts.Client).AssumeRole),
	"Sts.GetCallerIdentity":                  rpc(stsClient, sts.CreateGetCallerIdentityRequest, (*sts.Client).GetCallerIdentity),
	"Ecs.DescribeRegions":                    rpc(ecsClient, ecs.CreateDescribeRegionsRequest, (*ecs.Client).DescribeRegions),
	"ResourceManager.ListResourceGroups":     rpc(groupClient, resourcemanager.CreateListResourceGroupsRequest, (*resourcemanager.Client).ListResourceGroups),
	"ResourceManager.GetResourceGroup":       rpc(groupClient, resourcemanager.CreateGetResourceGroupRequest, (*resourcemanager.Client).GetResourceGroup),
}

var tea2 = map[string]operation{
	"Vpc.CreateRouterInterface":              newerCall((*newer.Client).CreateRouterInterface, func(r *newer.CreateRouterInterfaceResponse) any { return r.Body }),
	"Vpc.ModifyRouterInterfaceAttribute":     newerCall((*newer.Client).ModifyRouterInterfaceAttribute, func(r *newer.ModifyRouterInterfaceAttributeResponse) any { return r.Body }),
	"Vpc.ConnectRouterInterface":             newerCall((*newer.Client).ConnectRouterInterface, func(r *newer.ConnectRouterInterfaceResponse) any { return r.Body }),
	"Vpc.ActivateRouterInterface":            newerCall((*newer.Client).ActivateRouterInterface, func(r *newer.ActivateRouterInterfaceResponse) any { return r.Body }),
	"Vpc.DeactivateRouterInterface":          newerCall((*newer.Client).DeactivateRouterInterface, func(r *newer.DeactivateRouterInterfaceResponse) any { return r.Body }),
	"Vpc.ModifyRouterInterfaceSpec":          newerCall((*newer.Client).ModifyRouterInterfaceSpec, func(r *newer.ModifyRouterInterfaceSpecResponse) any { return r.Body }),
	"Vpc.DeleteRouterInterface":              newerCall((*newer.Client).DeleteRouterInterface, func(r *newer.DeleteRouterInterfaceResponse) any { return r.Body }),
	"Vpc.DescribeRouterInterfaces":           newerCall((*newer.Client).DescribeRouterInterfaces, func(r *newer.DescribeRouterInterfacesResponse) any { return r.Body }),
	"Vpc.DescribeRouterInterfaceAttribute":   newerCall((*newer.Client).DescribeRouterInterfaceAttribute, func(r *newer.DescribeRouterInterfaceAttributeResponse) any { return r.Body }),
	"Vpc.CreateVirtualBorderRouter":          newerCall((*newer.Client).CreateVirtualBorderRouter, func(r *newer.CreateVirtualBorderRouterResponse) any { return r.Body }),
	"Vpc.DescribeVirtualBorderRouters":       newerCall((*newer.Client).DescribeVirtualBorderRouters, func(r *newer.DescribeVirtualBorderRoutersResponse) any { return r.Body }),
	"Vpc.ModifyVirtualBorderRouterAttribute": newerCall((*newer.Client).ModifyVirtualBorderRouterAttribute, func(r *newer.ModifyVirtualBorderRouterAttributeResponse) any { return r.Body }),
	"Vpc.DeleteVirtualBorderRouter":          newerCall((*newer.Client).DeleteVirtualBorderRouter, func(r *newer.DeleteVirtualBorderRouterResponse) any { return r.Body }),
	"Vpc.TerminateVirtualBorderRouter":       newerCall((*newer.Client).TerminateVirtualBorderRouter, func(r *newer.TerminateVirtualBorderRouterResponse) any { return r.Body }),
	"Vpc.RecoverVirtualBorderRouter":         newerCall((*newer.Client).RecoverVirtualBorderRouter, func(r *newer.RecoverVirtualBorderRouterResponse) any { return r.Body }),
	"Vpc.DescribePhysicalConnections":        newerCall((*newer.Client).DescribePhysicalConnections, func(r *newer.DescribePhysicalConnectionsResponse) any { return r.Body }),
	"Vpc.CreateRouteEntry":                   newerCall((*newer.Client).CreateRouteEntry, func(r *newer.CreateRouteEntryResponse) any { return r.Body }),
	"Vpc.DeleteRouteEntry":                   newerCall((*newer.Client).DeleteRouteEntry, func(r *newer.DeleteRouteEntryResponse) any { return r.Body }),
	"Vpc.ModifyRouteEntry":                   newerCall((*newer.Client).ModifyRouteEntry, func(r *newer.ModifyRouteEntryResponse) any { return r.Body }),
	"Vpc.CreateRouteEntries":                 newerCall((*newer.Client).CreateRouteEntries, func(r *newer.CreateRouteEntriesResponse) any { return r.Body }),
	"Vpc.DeleteRouteEntries":                 newerCall((*newer.Client).DeleteRouteEntries, func(r *newer.DeleteRouteEntriesResponse) any { return r.Body }),
	"Vpc.CreateRouteTable":                   newerCall((*newer.Client).CreateRouteTable, func(r *newer.CreateRouteTableResponse) any { return r.Body }),
	"Vpc.DeleteRouteTable":                   newerCall((*newer.Client).DeleteRouteTable, func(r *newer.DeleteRouteTableResponse) any { return r.Body }),
	"Vpc.DescribeRouteEntryList":             newerCall((*newer.Client).DescribeRouteEntryList, func(r *newer.DescribeRouteEntryListResponse) any { return r.Body }),
	"Vpc.DescribeRouteTables":                newerCall((*newer.Client).DescribeRouteTables, func(r *newer.DescribeRouteTablesResponse) any { return r.Body }),
	"Vpc.DescribeRouteTableList":             newerCall((*newer.Client).DescribeRouteTableList, func(r *newer.DescribeRouteTableListResponse) any { return r.Body }),
	"Vpc.CreateVpc":                          newerCall((*newer.Client).CreateVpc, func(r *newer.CreateVpcResponse) any { return r.Body }),
	"Vpc.DescribeVpcs":                       newerCall((*newer.Client).DescribeVpcs, func(r *newer.DescribeVpcsResponse) any { return r.Body }),
	"Vpc.DescribeVpcAttribute":               newerCall((*newer.Client).DescribeVpcAttribute, func(r *newer.DescribeVpcAttributeResponse) any { return r.Body }),
	"Vpc.DeleteVpc":                          newerCall((*newer.Client).DeleteVpc, func(r *newer.DeleteVpcResponse) any { return r.Body }),
	"Vpc.CreateVSwitch":                      newerCall((*newer.Client).CreateVSwitch, func(r *newer.CreateVSwitchResponse) any { return r.Body }),
	"Vpc.DescribeVSwitches":                  newerCall((*newer.Client).DescribeVSwitches, func(r *newer.DescribeVSwitchesResponse) any { return r.Body }),
	"Vpc.DeleteVSwitch":                      newerCall((*newer.Client).DeleteVSwitch, func(r *newer.DeleteVSwitchResponse) any { return r.Body }),
	"Vpc.DescribeVRouters":                   newerCall((*newer.Client).DescribeVRouters, func(r *newer.DescribeVRoutersResponse) any { return r.Body }),
	"Vpc.DescribeRegions":                    newerCall((*newer.Client).DescribeRegions, func(r *newer.DescribeRegionsResponse) any { return r.Body }),
	"Vpc.TagResources":                       newerCall((*newer.Client).TagResources, func(r *newer.TagResourcesResponse) any { return r.Body }),
	"Vpc.UnTagResources":                     newerCall((*newer.Client).UnTagResources, func(r *newer.UnTagResourcesResponse) any { return r.Body }),
	"Vpc.ListTagResources":                   newerCall((*newer.Client).ListTagResources, func(r *newer.ListTagResourcesResponse) any { return r.Body }),
	"Vpc.AssociateRouteTable":                newerCall((*newer.Client).AssociateRouteTable, func(r *newer.AssociateRouteTableResponse) any { return r.Body }),
	"Vpc.UnassociateRouteTable":              newerCall((*newer.Client).UnassociateRouteTable, func(r *newer.UnassociateRouteTableResponse) any { return r.Body }),
}
