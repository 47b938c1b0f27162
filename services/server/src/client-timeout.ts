// How long a caller says it will wait, when that is longer than can be measured.

/** Milliseconds that a timer can wait for, some 25 days. One that is set for longer goes off at once. */
const TIMER_MS = 2 ** 31 - 1;
const UNITS_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000_001 };

/** The same headers, without a time-out that no timer can keep: the RPC's own deadline comes long before. */
export function withoutEndlessTimeout(header: Headers): Headers {
  // https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests: eight digits and a unit.
  const [, amount, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header.get("grpc-timeout") ?? "") ?? [];
  const grpcMs = Number(amount ?? 0) * (UNITS_MS[unit] ?? 0);
  // https://connectrpc.com/docs/protocol#unary-request: ten digits.
  const connectMs = Number(/^\d{1,10}$/.exec(header.get("connect-timeout-ms") ?? "")?.[0] ?? 0);
  if (grpcMs <= TIMER_MS && connectMs <= TIMER_MS) return header;
  const bounded = new Headers(header);
  bounded.delete("grpc-timeout");
  bounded.delete("connect-timeout-ms");
  return bounded;
}
