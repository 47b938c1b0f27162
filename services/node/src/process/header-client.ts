// A node of whom nothing is asked but headers: who only follows a network needs no attested channel.
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { BlockchainAPI } from "@fogbow/core-wire";
import { SteadySession } from "@fogbow/server";
import { baseUrlOf, type NodeUri } from "../config/node-uri.ts";
import { tlsOptionsOf } from "../config/uri-tls.ts";
import type { HeaderPeer } from "../sync/ask-headers.ts";

/** 2 000 headers take half a million bytes. */
const HEADERS_BYTES_MAX = 4_194_304;

/** A node at the URI of its peers' or its clients' listener; nothing is opened before the first call. Throws as `tlsOptionsOf` does. */
export function headerClient(uri: NodeUri, chainId: string): HeaderPeer {
  const baseUrl = baseUrlOf(uri);
  // A follower at the tip asks every second; one that ends must not wait for long.
  const sessionManager = new SteadySession(baseUrl, { idleConnectionTimeoutMs: 10_000 }, tlsOptionsOf(uri));
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    acceptCompression: [],
    readMaxBytes: HEADERS_BYTES_MAX,
  });
  const client = createClient(BlockchainAPI, transport);
  return {
    getBlocks: (request, options) => client.getBlocks(request, { ...options, headers: { "chain-id": chainId } }),
  };
}
