// The HTTP gateway of MobileCoin's mobile clients (spec 03 §7.6): unary RPCs as `POST /package.Service/Method` with the
// request message as body, perhaps below `/gw`. That is Connect's protocol but for the name of the content type.
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";

const GATEWAY_TYPE = "application/x-protobuf";
const CONNECT_TYPE = "application/proto";

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
  if (request.header.get("content-type")?.split(";", 1)[0]?.trim() !== GATEWAY_TYPE) return answer(request);
  const header = new Headers(request.header);
  header.set("content-type", CONNECT_TYPE);
  const response = await answer({ ...request, header });
  if (response.header?.get("content-type") !== CONNECT_TYPE) return response; // An error is JSON.
  const answered = new Headers(response.header);
  answered.set("content-type", GATEWAY_TYPE);
  return { ...response, header: answered };
}
