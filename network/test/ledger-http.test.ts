import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { archivePath, archiveUrl } from "@fogbow/core-block";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { newLedger, signer } from "./ledger-chain.ts";
import { facts, newDirectory, refusal, stop } from "./run-command.ts";

const BLOCKS = 101;
const newPath = (): string => join(newDirectory(), "ledger");

let ledger: string;
let archives: string;

beforeAll(async () => {
  ledger = await newLedger(BLOCKS);
  archives = newPath();
  await facts(["ledger", "export", ledger, archives, "--merged"]);
});

const servers: Server[] = [];

/** Starts a server on the loopback and gives its address, without a last slash. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("The server has no port.");
  }
  return `http://127.0.0.1:${address.port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Answers with the archive file that is asked for, or 404. Collects the paths. */
const files =
  (asked: string[] = []) =>
  ({ url = "" }: IncomingMessage, response: ServerResponse): void => {
    asked.push(url);
    try {
      response.end(readFileSync(join(archives, url.replace("/base/", "/"))));
    } catch {
      response.writeHead(404).end("nothing here");
    }
  };

describe("fogbow ledger import from a server", () => {
  test("gives the same ledger again; 404 is the end of the chain", async () => {
    const asked: string[] = [];
    const base = await serve(files(asked));
    const copy = newPath();
    expect(await facts(["ledger", "import", copy, `${base}/base`, "--signer", signer])).toEqual({
      imported: "101",
      blocks: "101",
      mergedFiles: "1",
      singleFiles: "1",
      signer: "verified",
    });
    expect(await facts(["ledger", "verify", copy])).toEqual(await facts(["ledger", "verify", ledger]));
    const zero = archivePath(0n);
    const hundred = archivePath(100n);
    expect(asked).toEqual([
      `/base/merged-10000/${zero}`,
      `/base/merged-1000/${zero}`,
      `/base/merged-100/${zero}`,
      `/base/merged-100/${hundred}`,
      `/base/${hundred}`,
      `/base/${archivePath(101n)}`,
    ]);
  });

  test("goes on where it was, from an address with a slash at its end", async () => {
    const base = await serve(files());
    const copy = newPath();
    await facts(["ledger", "import", copy, `${base}/`]);
    expect(await facts(["ledger", "import", copy, `${base}/`])).toMatchObject({ imported: "0", blocks: "101" });
  });

  test("without any block, is refused and makes no ledger", async () => {
    const base = await serve((_, response) => response.writeHead(404).end());
    await refusal(["ledger", "import", newPath(), base], "no-archive");
  });

  test("a silent server ends in a time-out", async () => {
    const base = await serve(() => undefined);
    await stop(["ledger", "import", newPath(), base, "--timeout", "1"], "source-timeout");
  });

  test("a server that falls silent within a file ends in a time-out, and what was stored stays", async () => {
    const answer = files();
    const base = await serve((request, response) => {
      if (request.url?.startsWith("/merged") === true) {
        response.writeHead(404).end();
      } else if (request.url?.endsWith("02.pb") === true) {
        response.writeHead(200, { "content-length": "1000" }).write("only this");
      } else {
        answer(request, response);
      }
    });
    const copy = newPath();
    const error = await stop(["ledger", "import", copy, base, "--timeout", "1"], "source-timeout");
    expect(error).toContain("The ledger has 2 blocks.");
    expect(await facts(["ledger", "verify", copy])).toMatchObject({ valid: true, blocks: "2" });
  });

  test("a file that is cut, on the way or on the server, is refused", async () => {
    const answer = (send: (response: ServerResponse, file: Buffer) => void) =>
      serve(({ url = "" }, response) => {
        if (url.startsWith("/merged")) {
          response.writeHead(404).end();
        } else {
          send(response, readFileSync(join(archives, url)));
        }
      });
    const onServer = await answer((response, file) => response.end(file.subarray(0, -1)));
    expect(await refusal(["ledger", "import", newPath(), onServer], "malformed-archive")).toContain("Block 0:");
    const onTheWay = await answer((response, file) => {
      response.writeHead(200, { "content-length": `${file.length}` });
      response.write(file.subarray(0, 100), () => response.destroy());
    });
    await refusal(["ledger", "import", newPath(), onTheWay], "source-failure");
  });

  test.each([301, 302, 307, 308])("a redirect (%i) is not followed", async (status) => {
    const asked: string[] = [];
    const elsewhere = await serve(files(asked));
    const base = await serve(({ url = "" }, response) =>
      response.writeHead(status, { location: `${elsewhere}${url}` }).end(),
    );
    await refusal(["ledger", "import", newPath(), base], "redirect-refused");
    expect(asked).toEqual([]);
  });

  test.each([204, 206, 403, 500, 503])("status %i is refused", async (status) => {
    const base = await serve((_, response) => response.writeHead(status).end());
    expect(await refusal(["ledger", "import", newPath(), base], "unexpected-status")).toContain(`${status}`);
  });

  test("a server that is not there, or speaks something else, is refused", async () => {
    const base = await serve((_, response) => response.socket?.end("HTTP/9 nonsense\r\n\r\n"));
    await refusal(["ledger", "import", newPath(), base], "source-failure");
    const [server] = servers.splice(0);
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    expect(await refusal(["ledger", "import", newPath(), base], "source-failure")).toContain("ECONNREFUSED");
  });

  test.each(["http://user:secret@127.0.0.1/", "http://127.0.0.1/?a=b", "http://127.0.0.1/#a", "http://"])(
    "the address %s is refused",
    async (address) => {
      expect(await refusal(["ledger", "import", newPath(), address], "invalid-address")).not.toContain("secret");
    },
  );

  test("a file that is merged and too large is passed over for smaller ones", async () => {
    const answer = files();
    const base = await serve((request, response) => {
      if (request.url === archiveUrl("/", `merged-1000/${archivePath(0n)}`)) {
        response.writeHead(200, { "content-length": "268435457" }).flushHeaders();
      } else {
        answer(request, response);
      }
    });
    expect(await facts(["ledger", "import", newPath(), base])).toMatchObject({ blocks: "101", mergedFiles: "1" });
  });
});
