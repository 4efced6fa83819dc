import com.baidubce.BceClientConfiguration;
import com.baidubce.BceServiceException;
import com.baidubce.auth.BceCredentials;
import com.baidubce.auth.DefaultBceCredentials;
import com.baidubce.auth.DefaultBceSessionCredentials;
import com.baidubce.services.et.EtClient;
import com.baidubce.services.etgateway.EtGatewayClient;
import com.baidubce.services.peerconn.PeerConnClient;
import com.baidubce.services.peerconn.PeerConnClientConfiguration;
import com.baidubce.services.route.RouteClient;
import com.baidubce.services.subnet.SubnetClient;
import com.baidubce.services.vpc.VpcClient;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Drives the emulator with Baidu's own Java SDK, endpoint changed and nothing else.
 *
 * <p>The first argument is one JSON object: the emulator's endpoints by region and the keys by account. Each line of
 * standard input is one call, each line of standard output its outcome: the protocol of the Go witness (go/main.go).
 */
public final class Witness {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An operation: the SDK's method, and the arguments that it takes one by one instead of in a request object. */
    private record Operation(String client, String method, List<String> plain) {
        static Operation of(String client, String method, String... plain) {
            return new Operation(client, method, List.of(plain));
        }
    }

    private static final Map<String, Operation> OPERATIONS = Map.ofEntries(
            Map.entry("CreatePeerConn", Operation.of("peerconn", "createPeerConn")),
            Map.entry("ListPeerConn", Operation.of("peerconn", "listPeerConn")),
            Map.entry("GetPeerConn", Operation.of("peerconn", "getPeerConn")),
            Map.entry("UpdatePeerConn", Operation.of("peerconn", "modifyPeerConn")),
            Map.entry("AcceptPeerConn", Operation.of("peerconn", "accept")),
            Map.entry("RejectPeerConn", Operation.of("peerconn", "reject")),
            Map.entry("ReleasePeerConn", Operation.of("peerconn", "release")),
            Map.entry("UpdatePeerConnBandwidth", Operation.of("peerconn", "modifyBandwith")),
            Map.entry("RenewPeerConn", Operation.of("peerconn", "purchaseReserved")),
            Map.entry("OpenPeerConnSyncDns", Operation.of("peerconn", "openSyncDns")),
            Map.entry("ClosePeerConnSyncDns", Operation.of("peerconn", "closeSyncDns")),
            Map.entry("CreateVpc", Operation.of("vpc", "createVpc")),
            Map.entry("QueryVpcList", Operation.of("vpc", "listVpcs")),
            Map.entry("QuerySpecifiedVpc", Operation.of("vpc", "getVpc")),
            Map.entry("UpdateVpc", Operation.of("vpc", "modifyInstanceAttributes")),
            Map.entry("DeleteVpc", Operation.of("vpc", "deleteVpc")),
            Map.entry("CreateSubnet", Operation.of("subnet", "createSubnet")),
            Map.entry("QuerySubnetList", Operation.of("subnet", "listSubnets")),
            Map.entry("QuerySpecifiedSubnet", Operation.of("subnet", "getSubnet")),
            Map.entry("UpdateSubnet", Operation.of("subnet", "modifySubnetAttributes")),
            Map.entry("DeleteSubnet", Operation.of("subnet", "deleteSubnet")),
            Map.entry("QueryRoutingTable", Operation.of("route", "getRoute", "routeTableId", "vpcId")),
            Map.entry("QueryRoutingRules", Operation.of("route", "listRouteRule")),
            Map.entry("CreateRoutingRules", Operation.of("route", "createRoute")),
            Map.entry("UpdateRoutingRules", Operation.of("route", "updateRouteRule")),
            Map.entry("DeleteRoutingRules", Operation.of("route", "deleteRouteRule")),
            Map.entry("ActiveStandbySwitchover", Operation.of("route", "switchRouteHa")),
            Map.entry("CreateDedicatedGateway", Operation.of("etgateway", "createEtGateway")),
            Map.entry("QueryTheListOfDedicatedLineGateways", Operation.of("etgateway", "listEtGateways")),
            Map.entry("QueryTheDetailsOfTheDedicatedGateway", Operation.of("etgateway", "getEtGateway", "etGatewayId")),
            Map.entry("UpdateDedicatedGateway", Operation.of("etgateway", "updateEtGateway")),
            Map.entry("BindPhysicalDedicatedLine", Operation.of("etgateway", "bindEtChannel")),
            Map.entry("UnbindPhysicalDedicatedLine", Operation.of("etgateway", "unbindEtChannel")),
            Map.entry("ReleaseDedicatedGateway", Operation.of("etgateway", "deleteEtGateway", "etGatewayId")),
            Map.entry("CreateDedicatedGatewayHealthCheck", Operation.of("etgateway", "createEtGatewayHealthCheck")),
            Map.entry("QueryDedicatedLines", Operation.of("et", "listEts")),
            Map.entry("QueryDedicatedLineDetail", Operation.of("et", "getEtDetail", "dcphyId")),
            Map.entry("QueryDedicatedChannel", Operation.of("et", "listEtChannels", "etId")));

    private final JsonNode world;
    private final Map<String, Recorder> recorders = new HashMap<>();
    private final Map<String, Object> clients = new HashMap<>();

    private Witness(JsonNode world) throws Exception {
        this.world = world;
        var endpoints = world.get("Endpoints").fields();
        while (endpoints.hasNext()) {
            var endpoint = endpoints.next();
            recorders.put(endpoint.getKey(), new Recorder(endpoint.getValue().asText()));
        }
    }

    public static void main(String[] args) throws Exception {
        Witness witness = new Witness(JSON.readTree(args[0]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // the SDK's logger writes every request to standard output
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(JSON.writeValueAsString(witness.serve(JSON.readTree(line))));
        }
        System.exit(0);
    }

    private ObjectNode serve(JsonNode call) {
        ObjectNode outcome = JSON.createObjectNode();
        try {
            Recorder recorder = recorders.get(call.get("endpoint").asText());
            recorder.forget();
            Object typed = run(call, recorder);
            outcome.put("ok", true);
            if (typed == null || recorder.body().isEmpty()) return outcome;
            JsonNode wire = JSON.readTree(recorder.body());
            outcome.set("answer", wire);
            outcome.set("members", JSON.valueToTree(Members.compare(wire, typed)));
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof BceServiceException refusal) {
                outcome.put("ok", false).put("status", refusal.getStatusCode()).put("code", refusal.getErrorCode());
            } else {
                outcome.put("ok", false).put("failure", String.valueOf(thrown.getCause()));
            }
        } catch (Exception thrown) {
            outcome.put("ok", false).put("failure", thrown.toString());
        }
        return outcome;
    }

    /** Makes the call; the SDK's typed answer, null where it has none. */
    private Object run(JsonNode call, Recorder recorder) throws Exception {
        Operation operation = OPERATIONS.get(call.get("operation").asText());
        Object client = client(operation.client(), call.get("account").asText(), recorder);
        JsonNode args = call.get("args");
        if (!operation.plain().isEmpty()) {
            Class<?>[] types = operation.plain().stream().map(name -> String.class).toArray(Class<?>[]::new);
            Object[] values = operation.plain().stream()
                    .map(name -> args.has(name) ? args.get(name).asText() : null)
                    .toArray();
            return client.getClass().getMethod(operation.method(), types).invoke(client, values);
        }
        for (Method method : client.getClass().getMethods()) {
            if (!method.getName().equals(operation.method()) || method.getParameterCount() != 1) continue;
            Class<?> request = method.getParameterTypes()[0];
            if (request != String.class) return method.invoke(client, filled(request, args));
        }
        throw new NoSuchMethodException(operation.toString());
    }

    /** A request with these members, by its own setters: its annotations are about what it sends, not about what it takes. */
    private static Object filled(Class<?> type, JsonNode args) throws Exception {
        Object request = type.getConstructor().newInstance();
        for (Method setter : type.getMethods()) {
            if (!setter.getName().startsWith("set") || setter.getParameterCount() != 1) continue;
            String name = Character.toLowerCase(setter.getName().charAt(3)) + setter.getName().substring(4);
            if (!args.has(name)) continue;
            JavaType kind = JSON.getTypeFactory().constructType(setter.getGenericParameterTypes()[0]);
            setter.invoke(request, (Object) JSON.convertValue(args.get(name), kind));
        }
        return request;
    }

    private Object client(String kind, String account, Recorder recorder) {
        return clients.computeIfAbsent(kind + " " + account + " " + recorder.address(), name -> {
            JsonNode key = world.get("Accounts").get(account);
            String token = key.path("Token").asText("");
            String ak = key.get("Ak").asText();
            String sk = key.get("Sk").asText();
            BceCredentials credentials = token.isEmpty()
                    ? new DefaultBceCredentials(ak, sk)
                    : new DefaultBceSessionCredentials(ak, sk, token);
            return made(kind, credentials, "http://" + recorder.address());
        });
    }

    private static Object made(String kind, BceCredentials credentials, String endpoint) {
        if (kind.equals("peerconn")) {
            PeerConnClientConfiguration configuration = new PeerConnClientConfiguration();
            configuration.withCredentials(credentials).withEndpoint(endpoint);
            return new PeerConnClient(configuration);
        }
        BceClientConfiguration configuration = new BceClientConfiguration();
        configuration.withCredentials(credentials).withEndpoint(endpoint);
        switch (kind) {
            case "vpc":
                return new VpcClient(configuration);
            case "subnet":
                return new SubnetClient(configuration);
            case "route":
                return new RouteClient(configuration);
            case "etgateway":
                return new EtGatewayClient(configuration);
            default:
                return new EtClient(configuration);
        }
    }
}
