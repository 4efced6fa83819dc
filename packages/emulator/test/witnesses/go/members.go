package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Difference is one member that the answer on the wire and the SDK's type say differently.
type Difference struct {
	// e.g. "Vpcs.Vpc.Tags"; entries of a list have their list's path.
	Path string `json:"path"`
	// unknown: the type has no such member. spelling: only in another case. kind: the type holds another kind of value.
	// lost: the SDK's value is not the one on the wire.
	What string `json:"what"`
	// What the wire has.
	Wire string `json:"wire"`
}

// compare walks the answer on the wire and the SDK's typed answer side by side.
func compare(wire []byte, typed any) []Difference {
	decoder := json.NewDecoder(bytes.NewReader(wire))
	decoder.UseNumber()
	var answer any
	if err := decoder.Decode(&answer); err != nil {
		return []Difference{{"", "kind", "no JSON"}}
	}
	seen := map[Difference]bool{}
	var found []Difference
	walk(answer, reflect.ValueOf(typed), "", func(difference Difference) {
		if !seen[difference] {
			seen[difference] = true
			found = append(found, difference)
		}
	})
	return found
}

func walk(wire any, typed reflect.Value, path string, report func(Difference)) {
	for typed.IsValid() && (typed.Kind() == reflect.Pointer || typed.Kind() == reflect.Interface) {
		if typed.IsNil() {
			if typed.Kind() == reflect.Interface {
				return
			}
			// the type still says which members there are
			typed = reflect.Zero(typed.Type().Elem())
			continue
		}
		typed = typed.Elem()
	}
	shown := func() string { return short(wire) }
	switch value := wire.(type) {
	case nil:
		return
	case map[string]any:
		switch typed.Kind() {
		case reflect.Map:
			return
		case reflect.Struct:
			for name, member := range value {
				inner := join(path, name)
				field, exact := fieldOf(typed, name)
				if !field.IsValid() {
					report(Difference{inner, "unknown", short(member)})
					continue
				}
				if !exact {
					report(Difference{inner, "spelling", short(member)})
				}
				walk(member, field, inner, report)
			}
		default:
			report(Difference{path, "kind", shown()})
		}
	case []any:
		if typed.Kind() != reflect.Slice {
			report(Difference{path, "kind", shown()})
			return
		}
		if typed.Len() != len(value) {
			report(Difference{path, "lost", fmt.Sprintf("%d entries", len(value))})
		}
		for index, entry := range value {
			item := reflect.Zero(typed.Type().Elem())
			if index < typed.Len() {
				item = typed.Index(index)
			}
			walk(entry, item, path, report)
		}
	default:
		scalar(value, typed, path, report)
	}
}

func scalar(wire any, typed reflect.Value, path string, report func(Difference)) {
	kind := typed.Kind()
	right := false
	switch wire.(type) {
	case string:
		right = kind == reflect.String
	case bool:
		right = kind == reflect.Bool
	case json.Number:
		right = kind >= reflect.Int && kind <= reflect.Float64
	}
	if !right {
		report(Difference{path, "kind", short(wire)})
		return
	}
	if fmt.Sprint(typed.Interface()) != fmt.Sprint(wire) {
		report(Difference{path, "lost", short(wire)})
	}
}

// fieldOf finds the member of a struct by its JSON name: exactly, or as encoding/json would take it too.
func fieldOf(typed reflect.Value, name string) (field reflect.Value, exact bool) {
	kind := typed.Type()
	for index := range kind.NumField() {
		if !kind.Field(index).IsExported() {
			continue
		}
		tag, _, _ := strings.Cut(kind.Field(index).Tag.Get("json"), ",")
		if tag == "" {
			tag = kind.Field(index).Name
		}
		if tag == name {
			return typed.Field(index), true
		}
		if strings.EqualFold(tag, name) {
			field = typed.Field(index)
		}
	}
	return field, false
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// short is the kind of a value and, of a text, the text: enough to see what is meant.
func short(value any) string {
	switch value := value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "list"
	case string:
		return "text"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	default:
		return fmt.Sprintf("%T", value)
	}
}
