// What a caller is told of a server that ends (RFC 9113 §8.7).
import { once } from "node:events";
import { constants, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { Health } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { parseServiceUri, serviceClient } from "../src/index.ts";

test.each([
  ["refuses the stream, is unavailable", constants.NGHTTP2_REFUSED_STREAM, Code.Unavailable],
  ["fails in the stream, has failed", constants.NGHTTP2_INTERNAL_ERROR, Code.Internal],
])("a server that %s", async (_, reset, code) => {
  const server = createServer();
  server.on("stream", (stream) => {
    stream.on("error", () => undefined); // What was asked for.
    stream.close(reset);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const uri = parseServiceUri(`insecure-igp://127.0.0.1:${(server.address() as AddressInfo).port}/`, "igp");
  const client = serviceClient(uri, { timeoutMs: 5_000, answerBytesMax: 1_024 });
  await expect(createClient(Health, client.transport).check({})).rejects.toMatchObject({ code });
  client.close();
  server.close();
});
