package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// fill puts arguments into a request of an SDK, by the names of its fields. A name that it has not got is a panic: the
// tests are written against the SDK's own types.
func fill(request any, args map[string]any) {
	set(reflect.ValueOf(request).Elem(), args)
}

func set(target reflect.Value, value any) {
	switch target.Kind() {
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		set(target.Elem(), value)
	case reflect.Struct:
		for name, member := range value.(map[string]any) {
			set(named(target, name), member)
		}
	case reflect.Slice:
		for _, entry := range value.([]any) {
			item := reflect.New(target.Type().Elem()).Elem()
			set(item, entry)
			target.Set(reflect.Append(target, item))
		}
	case reflect.String:
		target.SetString(text(value))
	case reflect.Bool:
		target.SetBool(value.(bool))
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint32:
		number, err := strconv.ParseInt(text(value), 10, 64)
		if err != nil {
			panic(err)
		}
		target.Set(reflect.ValueOf(number).Convert(target.Type()))
	case reflect.Interface:
		target.Set(reflect.ValueOf(value))
	default:
		panic(fmt.Sprintf("%s cannot be filled", target.Type()))
	}
}

func named(target reflect.Value, name string) reflect.Value {
	field := target.FieldByNameFunc(func(candidate string) bool { return strings.EqualFold(candidate, name) })
	if !field.IsValid() {
		panic(fmt.Sprintf("%s has no field %s", target.Type(), name))
	}
	return field
}

func text(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}
