import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks the answer on the wire and the SDK's typed answer side by side; what differs is what go/members.go names. */
final class Members {
    /** One member that the two say differently. */
    record Difference(String path, String what, String wire) {}

    private final Set<Difference> found = new LinkedHashSet<>();

    private Members() {}

    static Set<Difference> compare(JsonNode wire, Object typed) throws IllegalAccessException {
        Members members = new Members();
        members.walk(wire, typed, typed.getClass(), "");
        return members.found;
    }

    private void walk(JsonNode wire, Object typed, Type type, String path) throws IllegalAccessException {
        Class<?> kind = type instanceof Class<?> plain ? plain : List.class;
        if (wire.isNull()) return;
        if (wire.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> members = wire.fields();
            while (members.hasNext()) {
                Map.Entry<String, JsonNode> member = members.next();
                String inner = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
                Field field = fieldOf(kind, member.getKey());
                if (field == null) {
                    found.add(new Difference(inner, "unknown", kindOf(member.getValue())));
                    continue;
                }
                field.setAccessible(true);
                walk(member.getValue(), typed == null ? null : field.get(typed), field.getGenericType(), inner);
            }
        } else if (wire.isArray()) {
            if (!Collection.class.isAssignableFrom(kind)) {
                found.add(new Difference(path, "kind", "list"));
                return;
            }
            Type item = type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : Object.class;
            Iterator<?> items = typed == null ? null : ((Collection<?>) typed).iterator();
            for (JsonNode entry : wire) {
                if (items != null && !items.hasNext()) found.add(new Difference(path, "lost", "entries"));
                walk(entry, items != null && items.hasNext() ? items.next() : null, item, path);
            }
        } else {
            scalar(wire, typed, kind, path);
        }
    }

    private void scalar(JsonNode wire, Object typed, Class<?> kind, String path) {
        boolean isNumber = Number.class.isAssignableFrom(kind) || kind == int.class || kind == long.class;
        boolean isFlag = kind == boolean.class || kind == Boolean.class;
        boolean fits = wire.isTextual() ? kind == String.class : wire.isNumber() ? isNumber : isFlag;
        if (!fits) found.add(new Difference(path, "kind", kindOf(wire)));
        else if (typed != null && !wire.asText().equals(String.valueOf(typed))) {
            found.add(new Difference(path, "lost", kindOf(wire)));
        }
    }

    private static Field fieldOf(Class<?> kind, String name) {
        for (Class<?> at = kind; at != null && at != Object.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) if (field.getName().equals(name)) return field;
        }
        return null;
    }

    private static String kindOf(JsonNode value) {
        if (value.isObject()) return "object";
        if (value.isArray()) return "list";
        if (value.isTextual()) return "text";
        return value.isNumber() ? "number" : "boolean";
    }
}
