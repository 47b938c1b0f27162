// One port for everyone: gRPC clients speak HTTP/2 at once, browsers and old proxies HTTP/1.1. With TLS they agree on it in
// the handshake (ALPN, RFC 7301); in clear text the first bytes tell, since HTTP/2 begins with a preface (RFC 9113 §3.4).
import { createServer as createHttp1Server, type Server as Http1Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from "node:tls";
import { LAST_WORDS_MS } from "./connection.ts";
import { descriptorLimit } from "./descriptor-limit.ts";
import { ServerError } from "./error.ts";
import { CONNECTIONS_MAX, HEADER_BYTES_MAX, RESERVED_DESCRIPTORS_MAX, SESSION_MEGABYTES_MAX } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Patience } from "./patience.ts";
import type { RequestListener } from "./request-listener.ts";
import { readTls, type TlsFiles } from "./tls-files.ts";

/** Where to listen. */
export interface ListenOptions {
  /** A name or an address of this machine. `localhost` is 127.0.0.1 and ::1, since callers take either. */
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Clear text unless given. */
  readonly tls?: TlsFiles | undefined;
}

/** Where to listen, and how much one connection may ask for at a time. */
export interface PortOptions extends ListenOptions {
  readonly streamsMax: number;
}

/** What a port needs of others. */
export interface PortParts {
  readonly onRequest: RequestListener;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly patience: Patience;
}

/** An open port. */
export class Port {
  readonly #http1: Http1Server;
  readonly #http2: Http2Server;
  /** One for each address. */
  readonly #listeners: readonly (TcpServer | TlsServer)[];
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #tls: TlsFiles | undefined;
  readonly #parts: PortParts;

  private constructor(addresses: number, { tls, streamsMax }: PortOptions, parts: PortParts) {
    this.#tls = tls;
    this.#parts = parts;
    this.#http1 = http1Server(parts);
    this.#http2 = http2Server(parts.onRequest, streamsMax);
    const connectionsMax = Math.min(CONNECTIONS_MAX, descriptorLimit() - RESERVED_DESCRIPTORS_MAX);
    this.#listeners = Array.from({ length: addresses }, () => this.#listener(tls));
    for (const listener of this.#listeners) {
      listener.maxConnections = Math.max(1, Math.floor(connectionsMax / addresses));
      listener.on("connection", (socket: Socket) => this.#keepSocket(socket));
      listener.on("drop", () => parts.metrics.connectionsRefused.inc({ reason: "too-many" }));
    }
  }

  /** Opens a port, trying for 10 s when somebody has it. Rejects with `port-taken`, `cannot-listen` or `invalid-certificate`. */
  static async open(options: PortOptions, parts: PortParts): Promise<Port> {
    const { host, port } = options;
    const [address = host, ...others] = host === "localhost" ? LOOPBACK : [host];
    const opened = new Port(1 + others.length, options, parts);
    const until = performance.now() + parts.patience.portRetryMs;
    for (;;) {
      try {
        await opened.#listen(address, others, port);
        return opened;
      } catch (error) {
        opened.#stopListening();
        if (!(error instanceof ServerError && error.code === "port-taken") || performance.now() > until) throw error;
      }
      await sleep(PORT_RETRY_PAUSE_MS);
    }
  }

  /** The port that was opened. */
  get number(): number {
    const address = this.#listeners[0]?.address() as AddressInfo; // The first one listens, on TCP.
    return address.port;
  }

  /** Reads the certificate chain and its key again, for connections from now on. Throws `invalid-certificate`. */
  reloadTls(): void {
    if (this.#tls === undefined) return;
    const files = readTls(this.#tls);
    for (const each of this.#listeners) if ("setSecureContext" in each) each.setSecureContext(files);
  }

  /** Takes no connection any more, tells those there are to go, and resolves when all of them are gone. */
  async drain(): Promise<void> {
    const stopped = this.#stopListening();
    this.#http1.close();
    // Connections of HTTP/1.1 cannot be told to go: each is closed when it has nothing in progress.
    const idle = setInterval(() => this.#http1.closeIdleConnections(), DRAIN_PAUSE_MS);
    for (const session of this.#sessions) session.close();
    for (const socket of this.#sockets) if (UNDECIDED in socket) socket.destroy();
    await stopped;
    clearInterval(idle);
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #listener(tls: TlsFiles | undefined): TcpServer | TlsServer {
    const noDelay = true; // Small answers do not wait for the acknowledgement of those before.
    if (tls === undefined) return createTcpServer({ noDelay }, (socket) => this.#sniff(socket));
    const options = {
      ...readTls(tls),
      ALPNProtocols: ["h2", "http/1.1"],
      handshakeTimeout: this.#parts.patience.firstBytesMs,
      noDelay,
    };
    const listener = createTlsServer(options, (socket) => this.#speak(socket, socket.alpnProtocol === "h2"));
    listener.on("tlsClientError", () => this.#parts.metrics.connectionsRefused.inc({ reason: "tls" }));
    return listener;
  }

  async #listen(address: string, others: readonly string[], port: number): Promise<void> {
    const [first, ...rest] = this.#listeners;
    if (first !== undefined) await this.#listenOn(first, address, port);
    for (const [i, listener] of rest.entries()) {
      try {
        await this.#listenOn(listener, others[i] ?? address, this.number);
      } catch (error) {
        // A machine need not have every address.
        if (!(error instanceof ServerError && error.code === "cannot-listen")) throw error;
      }
    }
    this.#http1.emit("listening"); // Starts its watch over slow requests.
  }

  #listenOn(listener: TcpServer | TlsServer, host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (cause: NodeJS.ErrnoException): void => {
        listener.off("listening", onListening);
        const code = cause.code === "EADDRINUSE" ? "port-taken" : "cannot-listen";
        reject(new ServerError(code, `Cannot listen on port ${port} of ${host}: ${cause.code}.`, { cause }));
      };
      const onListening = (): void => {
        listener.off("error", onError);
        // Out of descriptors, for example. The connection is lost, the others are not.
        listener.on("error", ({ code }: NodeJS.ErrnoException) => this.#parts.log.warn("cannot accept", { code }));
        resolve();
      };
      listener.once("error", onError).once("listening", onListening).listen({ host, port });
    });
  }

  /** Resolves when the connections there are have ended. */
  async #stopListening(): Promise<void> {
    const listening = this.#listeners.filter((each) => each.listening);
    await Promise.all(listening.map((each) => new Promise((resolve) => each.close(resolve))));
  }

  #keepSocket(socket: Socket): void {
    this.#sockets.add(socket);
    this.#parts.metrics.connections.set(this.#sockets.size);
    socket.on("error", () => undefined); // The peer is gone, which `close` tells.
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#parts.metrics.connections.set(this.#sockets.size);
    });
  }

  #keepSession(session: ServerHttp2Session, socket: Socket): void {
    this.#sessions.add(session);
    session.once("close", () => this.#sessions.delete(session));
    session.on("error", () => undefined); // It closes, and its streams with it.
    // Who begins with something else is told so, and then neither side of the library's session ends by itself.
    const unsettled = setTimeout(() => socket.destroy(), this.#parts.patience.firstBytesMs);
    session.once("remoteSettings", () => clearTimeout(unsettled));
    session.once("close", () => clearTimeout(unsettled));
    let streams = 0;
    session.on("stream", (stream) => {
      streams++;
      stream.once("close", () => streams--);
    });
    let isAnswered = true;
    const pings = setInterval(() => {
      if (!isAnswered) return void socket.destroy(); // Its calls would wait for nobody.
      if (streams === 0 || session.destroyed) return;
      isAnswered = false;
      session.ping((error) => {
        isAnswered = error === null;
      });
    }, this.#parts.patience.pingMs);
    session.once("close", () => clearInterval(pings));
    session.setTimeout(this.#parts.patience.idleMs, () => {
      if (streams > 0) return; // Each has its own deadline, and its end is no silence.
      session.close();
      setTimeout(() => socket.destroy(), LAST_WORDS_MS).unref(); // It is polite to hang up too; not everybody is.
    });
  }

  /** Waits for the first bytes of a connection in clear text. */
  #sniff(socket: Socket): void {
    Object.assign(socket, { [UNDECIDED]: true });
    let seen = Buffer.alloc(0);
    const refuse = (reason: string): void => {
      this.#parts.metrics.connectionsRefused.inc({ reason });
      socket.destroy();
    };
    const timer = setTimeout(() => refuse("silent"), this.#parts.patience.firstBytesMs);
    const onReadable = (): void => {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      seen = Buffer.concat([seen, chunk]);
      const length = Math.min(seen.length, PREFACE.length);
      const isPreface = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
      if (isPreface && length < PREFACE.length) return; // Could still be either.
      clearTimeout(timer);
      socket.off("readable", onReadable);
      if (isPreface || isToken(seen[0])) {
        Reflect.deleteProperty(socket, UNDECIDED);
        socket.unshift(seen);
        this.#speak(socket, isPreface);
      } else refuse("garbage");
    };
    socket.on("readable", onReadable);
    socket.once("close", () => clearTimeout(timer));
  }

  #speak(socket: Socket | TLSSocket, isHttp2: boolean): void {
    if (!isHttp2) return void this.#http1.emit("connection", socket);
    this.#http2.once("session", (session) => this.#keepSession(session, socket)); // Follows at once.
    this.#http2.emit("connection", socket);
  }
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const LOOPBACK = ["127.0.0.1", "::1"];
const PORT_RETRY_PAUSE_MS = 100;
const DRAIN_PAUSE_MS = 20;
const UNDECIDED = Symbol("nothing said yet");

/** Whether a byte can begin a method of HTTP/1.1: a capital letter. */
const isToken = (byte = 0): boolean => byte >= 0x41 && byte <= 0x5a;

function http1Server({ onRequest, patience }: PortParts): Http1Server {
  const server = createHttp1Server(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: 0, // Each RPC has its own deadline.
      keepAliveTimeout: patience.idleMs,
      maxHeaderSize: HEADER_BYTES_MAX,
      connectionsCheckingInterval: Math.min(1_000, patience.headersMs),
    },
    onRequest,
  );
  server.on("clientError", (_, socket) => socket.destroy());
  return server;
}

function http2Server(onRequest: RequestListener, maxConcurrentStreams: number): Http2Server {
  const server = createHttp2Server(
    {
      maxSessionMemory: SESSION_MEGABYTES_MAX,
      settings: { maxConcurrentStreams, maxHeaderListSize: HEADER_BYTES_MAX },
    },
    onRequest,
  );
  server.on("sessionError", () => undefined); // One peer's mistake, which ends that peer's connection.
  return server;
}
