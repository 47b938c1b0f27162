// Which of several nodes a caller is served by: always the same one, as an attested channel lives in one enclave.
import type { HandlerContext } from "@connectrpc/connect";
import type { ClientHandlers } from "@fogbow/node";

const COOKIE = "fogbow-node";

/** Callers without the cookie get one node after the other, and are told which by a cookie. */
export function stickyNode(nodes: readonly ClientHandlers[]): (context: HandlerContext) => ClientHandlers {
  let next = 0;
  return ({ requestHeader, responseHeader }) => {
    const [, named] =
      new RegExp(`(?:^|;\\s*)${COOKIE}=(\\d{1,3})(?:;|$)`).exec(requestHeader.get("cookie") ?? "") ?? [];
    const known = named === undefined ? undefined : nodes[Number(named)];
    if (known !== undefined) return known;
    const chosen = next % nodes.length;
    next += 1;
    responseHeader.append("set-cookie", `${COOKIE}=${chosen}; Path=/; HttpOnly`);
    return nodes[chosen] as ClientHandlers; // Below their number.
  };
}
