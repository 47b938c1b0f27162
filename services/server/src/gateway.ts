// The HTTP gateway of MobileCoin's mobile clients (spec 03 §7.6): unary RPCs as `POST /package.Service/Method` with the
// request message as body, perhaps below `/gw`, in protobuf, or in JSON when nothing is said. That is Connect's protocol
// but for the names of the content types.
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";

const GATEWAY_TYPE = "application/x-protobuf";
const CONNECT_TYPE = "application/proto";
const JSON_TYPE = "application/json";
/** What tools send when they are not told a type; undefined where they send none. */
const UNTOLD_TYPES: readonly (string | undefined)[] = [undefined, "text/plain", "application/x-www-form-urlencoded"];

/** The path of the RPC that a URL names: without query, without the prefix of the gateway. */
export function rpcPath(url: string): string {
  const path = url.split("?", 1)[0] ?? "";
  return path.startsWith("/gw/") ? path.slice("/gw".length) : path;
}

/** Answers a request of the gateway, and every other request, by a handler that knows Connect. */
export async function throughGateway(
  request: UniversalServerRequest,
  answer: (request: UniversalServerRequest) => Promise<UniversalServerResponse>,
): Promise<UniversalServerResponse> {
  const type = request.header.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const header = new Headers(request.header);
  if (request.method === "POST" && UNTOLD_TYPES.includes(type)) {
    header.set("content-type", JSON_TYPE);
    return answer({ ...request, header });
  }
  if (type !== GATEWAY_TYPE) return answer(request);
  header.set("content-type", CONNECT_TYPE);
  const response = await answer({ ...request, header });
  if (response.header?.get("content-type") !== CONNECT_TYPE) return response; // An error is JSON.
  const answered = new Headers(response.header);
  answered.set("content-type", GATEWAY_TYPE);
  return { ...response, header: answered };
}
