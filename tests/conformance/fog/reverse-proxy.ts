// A reverse proxy in front of a Fog: one port, which tells services apart by the beginning of a call's path (spec 03 §7.6). It
// opens a connection for every call, and answers 502 for a service that is not there, as proxies do.
import { connect, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";

/** Which port serves what begins so, such as `/fog_view`. */
export type Routes = ReadonlyMap<string, number>;

/** A proxy that listens. */
export class ReverseProxy {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();

  private constructor(server: Http2Server) {
    this.#server = server;
    server.on("session", (session) => {
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
      session.on("error", () => undefined); // Its streams tell.
    });
    server.on("sessionError", () => undefined);
  }

  /** Listens on a port of both loopback addresses. `routes` is read for every call: a service may move. */
  static async open(port: number, routes: Routes): Promise<ReverseProxy> {
    const server = createServer();
    server.on("stream", (stream, headers) => {
      const path = String(headers[":path"] ?? "");
      const target = [...routes].find(([prefix]) => path.startsWith(prefix))?.[1];
      if (target === undefined) end(stream, 404);
      else forward(stream, headers, target);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: "::", ipv6Only: false }, resolve);
    });
    return new ReverseProxy(server);
  }

  /** Ends it, and its connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.destroy();
    await closed;
  }
}

type RequestHeaders = Parameters<ReturnType<typeof connect>["request"]>[0];

function forward(stream: ServerHttp2Stream, headers: RequestHeaders, port: number): void {
  const session = connect(`http://127.0.0.1:${port}`);
  const request = session.request(headers);
  let trailers: RequestHeaders = {};
  const over = (): void => {
    session.close();
    request.close();
  };
  const fail = (): void => {
    session.destroy();
    if (!stream.headersSent) end(stream, 502);
    else if (!stream.destroyed) stream.close();
  };
  session.on("error", fail);
  request.on("error", fail);
  stream.on("error", () => session.destroy());
  stream.once("close", over);
  request.once("response", (response, flags) => {
    if (stream.destroyed) return;
    const isOver = (flags & END_STREAM) !== 0;
    stream.respond(response, isOver ? { endStream: true } : { waitForTrailers: true });
    if (!isOver) request.pipe(stream);
  });
  request.once("trailers", (received) => {
    trailers = received;
  });
  stream.once("wantTrailers", () => stream.sendTrailers(trailers ?? {}));
  stream.pipe(request);
}

const END_STREAM = 1;

function end(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ":status": status, "content-type": "text/html" });
  stream.end(`<html><body><h1>${status}</h1></body></html>\n`);
}
