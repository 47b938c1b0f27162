// A server: services on a port, from the first connection to the last.
import { setMaxListeners } from "node:events";
import { Code, ConnectError } from "@connectrpc/connect";
import { type AdmissionOptions, admission } from "./admission.ts";
import type { AllowedOrigins } from "./cross-origin.ts";
import { DRAIN_MS_MAX, STREAMS_MAX } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Page } from "./pages.ts";
import { PATIENCE, type Patience } from "./patience.ts";
import { type ListenOptions, Port } from "./port.ts";
import { type PrefixedServices, requestListener } from "./request-listener.ts";
import type { ServedService } from "./service.ts";

/** What to serve, where, and to whom. */
export interface ServerOptions extends AdmissionOptions {
  readonly listen: ListenOptions;
  readonly services: readonly ServedService[];
  /** Others, each below a path of their own; none unless given. */
  readonly prefixed?: readonly PrefixedServices[];
  /** Text for plain `GET`: the figures for Prometheus, for example. */
  readonly pages?: readonly Page[];
  /** Which web pages may call; none unless given. Callers that are no browsers are not asked where they come from. */
  readonly origins?: AllowedOrigins;
  /** `name=value`, by which a load balancer finds this process again; attested channels live in one. */
  readonly stickyCookie?: string;
  /** RPCs in progress on one connection of HTTP/2, where it is to be fewer than usual. */
  readonly streamsMax?: number;
  /** How long to wait for others, where it is to differ from the usual. */
  readonly patience?: Partial<Patience>;
}

/** What a server uses. */
export interface ServerParts {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A server that listens. */
export interface Server {
  /** The port, for those that asked for any. */
  readonly port: number;
  /** Uses the certificate files as they are now. Throws `invalid-certificate`, and goes on with the old ones. */
  readonly reloadTls: () => void;
  /**
   * Stops listening at once, lets calls in progress end for 0.7 s, then ends them with `UNAVAILABLE` and cuts what is
   * left. Resolves within a second.
   */
  readonly close: () => Promise<void>;
}

/** Serves. Rejects with ServerError. */
export async function serve(options: ServerOptions, parts: ServerParts): Promise<Server> {
  const { services, prefixed = [], pages = [], origins = [], stickyCookie } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const shutdown = new AbortController();
  setMaxListeners(0, shutdown.signal); // Every call listens.
  const admit = admission(options, parts.now);
  const onRequest = requestListener(
    { services, prefixed, pages, origins, stickyCookie },
    { ...parts, admit, patience, shutdown: shutdown.signal },
  );
  const port = await Port.open(
    { streamsMax: options.streamsMax ?? STREAMS_MAX, ...options.listen },
    { ...parts, patience, onRequest },
  );
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const drained = port.drain();
    const timer = setTimeout(() => {
      shutdown.abort(new ConnectError("The server stops.", Code.Unavailable));
      setTimeout(() => port.cut(), CUT_MS).unref();
    }, DRAIN_MS_MAX);
    await drained;
    clearTimeout(timer);
  };
  return {
    port: port.number,
    reloadTls: () => port.reloadTls(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Milliseconds between telling calls that the server stops and cutting their connections. */
const CUT_MS = 100;
