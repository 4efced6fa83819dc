package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
)

// Recorder stands between an SDK and the emulator and keeps the body of the last answer, because an SDK shows only what
// its types know. Requests pass as they are, their Host included, so that signatures hold.
type Recorder struct {
	// 127.0.0.1:PORT
	address string
	body    []byte
}

func startRecorder(endpoint string) *Recorder {
	target, err := url.Parse(endpoint)
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	recorder := &Recorder{address: listener.Addr().String()}
	proxy := &httputil.ReverseProxy{
		Director: func(request *http.Request) {
			request.URL.Scheme, request.URL.Host = target.Scheme, target.Host
		},
		// loopback only: no proxy of the environment
		Transport: &http.Transport{DisableCompression: true},
		ModifyResponse: func(response *http.Response) error {
			body, err := io.ReadAll(response.Body)
			recorder.body = body
			response.Body = io.NopCloser(bytes.NewReader(body))
			return err
		},
	}
	go func() {
		if err := http.Serve(listener, proxy); err != nil {
			os.Exit(3)
		}
	}()
	return recorder
}
