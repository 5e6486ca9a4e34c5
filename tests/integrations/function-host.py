"""Runs a Shopify Function and counts its instructions: what Shopify's runner does, as far as a checkout goes.

Function and provider (Shopify's own crate, which reads the input and writes the output) are two modules with a memory each; what
passes between them is copied here, where Shopify's build puts a trampoline. Fuel of wasmtime counts instructions of both, so it is an
upper bound of what Shopify's runner counts.

usage: function-host.py FUNCTION.wasm PROVIDER.wasm EXPORT < [input, ...]   prints [{"output", "log", "instructions", ...}, ...]
"""
import json
import struct
import sys

import msgpack
from wasmtime import Config, Engine, Func, Instance, Linker, Module, Store

function_path, provider_path, export = sys.argv[1:4]
config = Config()
config.consume_fuel = True
engine = Engine(config)
function, provider = Module.from_file(engine, function_path), Module.from_file(engine, provider_path)
PLENTY = 1 << 40


def run(given):
    store = Store(engine)
    store.set_fuel(PLENTY)
    behind = Instance(store, provider, []).exports(store)
    theirs = behind["memory"]
    ours = None

    def read(memory, at, length):
        return bytes(memory.read(store, at, at + length))

    def into_provider(pair, at, length):
        # The upper half says how it went or which string it is, the lower where the bytes belong.
        pair &= (1 << 64) - 1
        theirs.write(store, read(ours, at, length), pair & 0xFFFFFFFF)
        return pair >> 32

    def read_text(source, at, length):
        address = behind["_shopify_function_input_get_utf8_str_addr"](store, source)
        ours.write(store, read(theirs, address, length), at)

    def property(scope, at, length):
        name = behind["_shopify_function_alloc"](store, length)
        theirs.write(store, read(ours, at, length), name)
        return behind["_shopify_function_input_get_obj_prop"](store, scope, name, length)

    def log(at, length):
        area = behind["_shopify_function_log_new_utf8_str"](store, length)
        skip, first, first_length, second, second_length = struct.unpack("<5I", read(theirs, area, 20))
        text = read(ours, at, length)[skip:]
        theirs.write(store, text[:first_length], first)
        theirs.write(store, text[first_length : first_length + second_length], second)

    special = {
        "shopify_function_input_read_utf8_str": read_text,
        "shopify_function_input_get_obj_prop": property,
        "shopify_function_output_new_utf8_str": lambda at, length: into_provider(
            behind["_shopify_function_output_new_utf8_str"](store, length), at, length
        ),
        "shopify_function_intern_utf8_str": lambda at, length: into_provider(
            behind["_shopify_function_intern_utf8_str"](store, length), at, length
        ),
        "shopify_function_log_new_utf8_str": log,
    }
    linker = Linker(engine)
    for wanted in function.imports:
        if not wanted.module.startswith("shopify_function_v"):
            raise SystemExit(f"The Function wants {wanted.module}.{wanted.name}, which no checkout has.")
        plain = behind.get("_" + wanted.name)
        call = special.get(wanted.name) or (lambda *values, plain=plain: plain(store, *values))
        linker.define(store, wanted.module, wanted.name, Func(store, wanted.type, call))
    packed = msgpack.packb(given)
    theirs.write(store, packed, behind["initialize"](store, len(packed)))
    exports = linker.instantiate(store, function).exports(store)
    ours = exports["memory"]
    before = store.get_fuel()
    exports[export](store)
    spent = before - store.get_fuel()
    output, output_length, one, one_length, two, two_length = struct.unpack("<6I", read(theirs, behind["finalize"](store), 24))
    said = read(theirs, output, output_length)
    return {
        "output": msgpack.unpackb(said) if said else None,
        "log": (read(theirs, one, one_length) + read(theirs, two, two_length)).decode(),
        "instructions": spent,
        "inputBytes": len(packed),
        "outputBytes": output_length,
        "memoryBytes": ours.data_len(store),
    }


print(json.dumps([run(given) for given in json.load(sys.stdin)]))
