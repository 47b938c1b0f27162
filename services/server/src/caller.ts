// Who calls, as far as the network tells: to share what there is among callers, and for nothing else. It is not logged.
import { isIP } from "node:net";
import { type ContextKey, type ContextValues, createContextKey } from "@connectrpc/connect";
import type { AnyRequest } from "./connection.ts";

/** The caller of a call; see {@link callerOf}. */
export const CALLER: ContextKey<string> = createContextKey("");

/**
 * Text that is the same for all calls of one caller: its address, of IPv6 the network that a house gets (/64). Addresses of
 * this machine and of private networks are those of proxies too, which speak for many: there a caller is a connection.
 */
export function callerOf({ values }: { readonly values: ContextValues }): string {
  return values.get(CALLER);
}

const connections = new WeakMap<object, string>();
let connectionCount = 0;

/** The caller of a request of either version of HTTP. */
export function callerOfRequest(request: AnyRequest): string {
  const address = request.socket.remoteAddress ?? "";
  const mapped = address.replace(/^::ffff:(?=\d+\.)/, "");
  if (isIP(mapped) === 4 && !/^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(mapped)) return mapped;
  if (isIP(mapped) === 6 && !/^(::1$|f[cd]|fe[89ab])/i.test(mapped)) return network64(mapped);
  const connection = ("stream" in request && request.stream?.session) || request.socket;
  let name = connections.get(connection);
  if (name === undefined) {
    name = `connection ${++connectionCount}`;
    connections.set(connection, name);
  }
  return name;
}

/** The first four groups of an address, which may be shortened. */
function network64(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array<string>(8 - before.length - after.length).fill("0") : [];
  return [...before, ...zeros, ...after].slice(0, 4).join(":");
}
