// Connections of clients that cannot bring their process down. Connect's manager of HTTP/2 sessions stops listening to one that
// it gives up; when the server said goodbye in the same moment, the session's error finds no listener, and Node ends the
// process.
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { Http2SessionManager } from "@connectrpc/connect-node";

const heard = new WeakSet<ClientHttp2Session>();

/** Connect's manager of the connection to one server, whose errors are always heard by somebody. */
export class SteadySession extends Http2SessionManager {
  override async request(...args: Parameters<Http2SessionManager["request"]>): Promise<ClientHttp2Stream> {
    const stream = await super.request(...args);
    const { session } = stream;
    if (session !== undefined && !heard.has(session as ClientHttp2Session)) {
      heard.add(session as ClientHttp2Session); // The session of a client's stream is a client's.
      session.on("error", () => undefined); // Whoever calls learns it from the streams.
    }
    return stream;
  }
}
