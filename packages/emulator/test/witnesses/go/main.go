// Drives the emulator with the vendors' own Go SDKs, endpoint changed and nothing else.
//
// The first argument is one JSON object: the emulator's endpoints by name and the keys by account. Each line of standard
// input is one call, each line of standard output its outcome; a call sees what the one before it has done.
//
//	in:  {"sdk": "bce", "account": "a", "endpoint": "baidu/bj", "operation": "CreateVPC", "args": {"Name": "v"}}
//	out: {"ok": true, "answer": {...}, "members": [...]}  or  {"ok": false, "status": 409, "code": "OperationDenied"}
//
// `members` lists what the answer on the wire and the SDK's type say differently: see members.go.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/alibabacloud-go/tea/tea"
	alierrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/baidubce/bce-sdk-go/bce"
)

type Key struct {
	Ak, Sk, Token string
}

type World struct {
	Region    string
	Endpoints map[string]string
	Accounts  map[string]Key
}

type Call struct {
	Sdk, Account, Endpoint, Operation string
	Args                              map[string]any
}

type Outcome struct {
	Ok      bool            `json:"ok"`
	Answer  json.RawMessage `json:"answer,omitempty"`
	Members []Difference    `json:"members,omitempty"`
	Status  int             `json:"status,omitempty"`
	Code    string          `json:"code,omitempty"`
	Failure string          `json:"failure,omitempty"`
}

// Session is what a call is made through: a client's keys, and the address that records what comes back.
type Session struct {
	Region, Address string
	Key             Key
	Args            map[string]any
}

// An operation makes one call and gives the SDK's typed answer; nil where the SDK has none.
type operation func(Session) (any, error)

var sdks = map[string]map[string]operation{
	"alibaba-cloud-sdk-go": classic,
	"tea":                  tea2,
	"bce":                  bce1,
}

func main() {
	var world World
	if len(os.Args) != 2 || json.Unmarshal([]byte(os.Args[1]), &world) != nil {
		fmt.Fprintln(os.Stderr, "takes one argument: the emulator's world as JSON")
		os.Exit(2)
	}
	recorders := map[string]*Recorder{}
	for name, endpoint := range world.Endpoints {
		recorders[name] = startRecorder(endpoint)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var call Call
		if err := json.Unmarshal(lines.Bytes(), &call); err != nil {
			out.Encode(Outcome{Failure: err.Error()})
			continue
		}
		out.Encode(serve(world, recorders, call))
	}
}

func serve(world World, recorders map[string]*Recorder, call Call) (outcome Outcome) {
	// an SDK that panics on an answer is a finding, not the end
	defer func() {
		if reason := recover(); reason != nil {
			outcome = Outcome{Failure: fmt.Sprint(reason)}
		}
	}()
	run, recorder := sdks[call.Sdk][call.Operation], recorders[call.Endpoint]
	if run == nil || recorder == nil {
		return Outcome{Failure: "no such operation or endpoint: " + call.Sdk + " " + call.Operation + " " + call.Endpoint}
	}
	recorder.body = nil
	typed, err := run(Session{world.Region, recorder.address, world.Accounts[call.Account], call.Args})
	if err != nil {
		return refusal(err)
	}
	outcome = Outcome{Ok: true}
	if typed == nil || len(recorder.body) == 0 {
		return outcome
	}
	outcome.Answer = recorder.body
	outcome.Members = compare(recorder.body, typed)
	return outcome
}

// refusal tells what each SDK makes of an error answer; what is no answer of the cloud is a failure.
func refusal(err error) Outcome {
	var classic alierrors.Error
	var baidu *bce.BceServiceError
	var sdk *tea.SDKError
	switch {
	case errors.As(err, &baidu):
		return Outcome{Status: baidu.StatusCode, Code: baidu.Code}
	case errors.As(err, &sdk):
		return Outcome{Status: tea.IntValue(sdk.StatusCode), Code: tea.StringValue(sdk.Code)}
	case errors.As(err, &classic):
		return Outcome{Status: classic.HttpStatus(), Code: classic.ErrorCode()}
	}
	if coded, ok := err.(interface{ GetCode() *string }); ok {
		status := 0
		if with, ok := err.(interface{ GetStatusCode() *int }); ok {
			status = tea.IntValue(with.GetStatusCode())
		}
		return Outcome{Status: status, Code: tea.StringValue(coded.GetCode())}
	}
	return Outcome{Failure: err.Error()}
}
