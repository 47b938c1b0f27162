// Folders and servers for tests, gone when the test file is done.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArchiveDestination } from "@fogbow/archive";
import { concatBytes } from "@fogbow/core-bytes";
import { afterAll } from "vitest";

const folders: string[] = [];
const servers: Server[] = [];

/** A new empty folder. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fogbow-archive."));
  folders.push(folder);
  return folder;
}

/** Starts a server on the loopback and gives its address, without a last slash. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

afterAll(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Files in memory: the plain model of a place, which remembers what was asked. */
export class MemoryFiles implements ArchiveDestination {
  readonly name = "memory";
  readonly files = new Map<string, Uint8Array>();
  readonly reads: string[] = [];
  readonly writes: string[] = [];

  async read(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
    this.reads.push(path);
    const content = this.files.get(path);
    if (content !== undefined && content.length > bytesMax) throw new Error("The reader's bound was not kept.");
    return content;
  }

  async has(path: string): Promise<boolean> {
    return this.files.has(path);
  }

  async write(path: string, content: Iterable<Uint8Array>): Promise<void> {
    this.writes.push(path);
    this.files.set(path, concatBytes(...content));
  }
}
