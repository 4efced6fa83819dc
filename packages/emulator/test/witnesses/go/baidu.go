package main

import (
	"github.com/baidubce/bce-sdk-go/auth"
	"github.com/baidubce/bce-sdk-go/bce"
	"github.com/baidubce/bce-sdk-go/services/et"
	"github.com/baidubce/bce-sdk-go/services/etGateway"
	"github.com/baidubce/bce-sdk-go/services/vpc"
)

func connect[Client any](create func(ak, sk, endpoint string) (*Client, error), client func(*Client) *bce.BceClient, session Session) *Client {
	made, err := create(session.Key.Ak, session.Key.Sk, "http://"+session.Address)
	if err != nil {
		panic(err)
	}
	if session.Key.Token != "" {
		credentials, err := auth.NewSessionBceCredentials(session.Key.Ak, session.Key.Sk, session.Key.Token)
		if err != nil {
			panic(err)
		}
		client(made).Config.Credentials = credentials
	}
	return made
}

func vpcOf(session Session) *vpc.Client {
	return connect(vpc.NewClient, func(client *vpc.Client) *bce.BceClient { return client.BceClient }, session)
}

func gatewayOf(session Session) *etGateway.Client {
	return connect(etGateway.NewClient, func(client *etGateway.Client) *bce.BceClient { return client.BceClient }, session)
}

func lineOf(session Session) *et.Client {
	return connect(et.NewClient, func(client *et.Client) *bce.BceClient { return client.BceClient }, session)
}

// asking is an operation that takes one struct and answers another.
func asking[Client, Args, Result any](client func(Session) *Client, call func(*Client, *Args) (*Result, error)) operation {
	return func(session Session) (any, error) {
		args := new(Args)
		fill(args, session.Args)
		return call(client(session), args)
	}
}

// doing is an operation that takes one struct and answers nothing.
func doing[Client, Args any](client func(Session) *Client, call func(*Client, *Args) error) operation {
	return func(session Session) (any, error) {
		args := new(Args)
		fill(args, session.Args)
		return nil, call(client(session), args)
	}
}

// changing is an operation that takes the id of what it changes, the argument of that name, beside its struct.
func changing[Client, Args any](client func(Session) *Client, id string, call func(*Client, string, *Args) error) operation {
	return func(session Session) (any, error) {
		args := new(Args)
		fill(args, without(session.Args, id))
		return nil, call(client(session), optional(session, id), args)
	}
}

// reading is an operation that takes an id alone and answers a struct.
func reading[Client, Result any](client func(Session) *Client, id string, call func(*Client, string) (*Result, error)) operation {
	return func(session Session) (any, error) { return call(client(session), optional(session, id)) }
}

// acting is an operation that takes an id and a clientToken, the argument of that name.
func acting[Client any](client func(Session) *Client, id string, call func(*Client, string, string) error) operation {
	return func(session Session) (any, error) {
		return nil, call(client(session), optional(session, id), optional(session, "clientToken"))
	}
}

func without(args map[string]any, name string) map[string]any {
	rest := map[string]any{}
	for key, value := range args {
		if key != name {
			rest[key] = value
		}
	}
	return rest
}

// optional is an argument that is a text, or empty.
func optional(session Session, name string) string {
	value, _ := session.Args[name].(string)
	return value
}

var bce1 = map[string]operation{
	"CreatePeerConn": asking(vpcOf, (*vpc.Client).CreatePeerConn),
	"ListPeerConn":   asking(vpcOf, (*vpc.Client).ListPeerConn),
	"GetPeerConn": func(session Session) (any, error) {
		return vpcOf(session).GetPeerConnDetail(optional(session, "peerConnId"), vpc.PeerConnRoleType(optional(session, "role")))
	},
	"UpdatePeerConn":              changing(vpcOf, "peerConnId", (*vpc.Client).UpdatePeerConn),
	"AcceptPeerConn":              acting(vpcOf, "peerConnId", (*vpc.Client).AcceptPeerConnApply),
	"RejectPeerConn":              acting(vpcOf, "peerConnId", (*vpc.Client).RejectPeerConnApply),
	"ReleasePeerConn":             acting(vpcOf, "peerConnId", (*vpc.Client).DeletePeerConn),
	"UpdatePeerConnBandwidth":     changing(vpcOf, "peerConnId", (*vpc.Client).ResizePeerConn),
	"RenewPeerConn":               changing(vpcOf, "peerConnId", (*vpc.Client).RenewPeerConn),
	"RefundPeerConn":              acting(vpcOf, "peerConnId", (*vpc.Client).RefundPeerConn),
	"OpenPeerConnSyncDns":         changing(vpcOf, "peerConnId", (*vpc.Client).OpenPeerConnSyncDNS),
	"ClosePeerConnSyncDns":        changing(vpcOf, "peerConnId", (*vpc.Client).ClosePeerConnSyncDNS),
	"UpdatePeerConnDeleteProtect": changing(vpcOf, "peerConnId", (*vpc.Client).UpdatePeerConnDeleteProtect),

	"CreateVpc":         asking(vpcOf, (*vpc.Client).CreateVPC),
	"QueryVpcList":      asking(vpcOf, (*vpc.Client).ListVPC),
	"QuerySpecifiedVpc": reading(vpcOf, "vpcId", (*vpc.Client).GetVPCDetail),
	"UpdateVpc":         changing(vpcOf, "vpcId", (*vpc.Client).UpdateVPC),
	"DeleteVpc":         acting(vpcOf, "vpcId", (*vpc.Client).DeleteVPC),
	"OpenVpcRelay":      doing(vpcOf, (*vpc.Client).OpenRelay),
	"CloseVpcRelay":     doing(vpcOf, (*vpc.Client).ShutdownRelay),

	"CreateSubnet":         asking(vpcOf, (*vpc.Client).CreateSubnet),
	"QuerySubnetList":      asking(vpcOf, (*vpc.Client).ListSubnets),
	"QuerySpecifiedSubnet": reading(vpcOf, "subnetId", (*vpc.Client).GetSubnetDetail),
	"UpdateSubnet":         changing(vpcOf, "subnetId", (*vpc.Client).UpdateSubnet),
	"DeleteSubnet":         acting(vpcOf, "subnetId", (*vpc.Client).DeleteSubnet),

	"QueryRoutingTable": func(session Session) (any, error) {
		return vpcOf(session).GetRouteTableDetail(optional(session, "routeTableId"), optional(session, "vpcId"))
	},
	"QueryRoutingRules":       asking(vpcOf, (*vpc.Client).GetRouteRuleDetail),
	"CreateRoutingRules":      asking(vpcOf, (*vpc.Client).CreateRouteRule),
	"UpdateRoutingRules":      doing(vpcOf, (*vpc.Client).UpdateRouteRule),
	"DeleteRoutingRules":      acting(vpcOf, "routeRuleId", (*vpc.Client).DeleteRouteRule),
	"ActiveStandbySwitchover": acting(vpcOf, "routeRuleId", (*vpc.Client).SwitchRoute),

	"CreateDedicatedGateway":               asking(gatewayOf, (*etGateway.Client).CreateEtGateway),
	"QueryTheListOfDedicatedLineGateways":  asking(gatewayOf, (*etGateway.Client).ListEtGateway),
	"QueryTheDetailsOfTheDedicatedGateway": reading(gatewayOf, "etGatewayId", (*etGateway.Client).GetEtGatewayDetail),
	"UpdateDedicatedGateway":               doing(gatewayOf, (*etGateway.Client).UpdateEtGateway),
	"BindPhysicalDedicatedLine":            doing(gatewayOf, (*etGateway.Client).BindEt),
	"UnbindPhysicalDedicatedLine":          acting(gatewayOf, "etGatewayId", (*etGateway.Client).UnBindEt),
	"ReleaseDedicatedGateway":              acting(gatewayOf, "etGatewayId", (*etGateway.Client).DeleteEtGateway),
	"CreateDedicatedGatewayHealthCheck":    doing(gatewayOf, (*etGateway.Client).CreateHealthCheck),

	"QueryDedicatedLines":      asking(lineOf, (*et.Client).ListEtDcphy),
	"QueryDedicatedLineDetail": reading(lineOf, "dcphyId", (*et.Client).ListEtDcphyDetail),
	"QueryDedicatedChannel":    asking(lineOf, (*et.Client).GetEtChannel),
}
