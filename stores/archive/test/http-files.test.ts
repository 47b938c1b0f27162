import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { archiveFilesAt, existingArchiveFilesAt, httpFiles } from "../src/index.ts";
import { newFolder, serve } from "./places.ts";

describe("a file of a server", () => {
  const answers: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ["that says how long it is", (response) => response.writeHead(200, { "content-length": "11" }).end("hello world")],
    ["that does not", (response) => void response.write("hello ", () => response.end("world"))],
    [
      "that is compressed",
      (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello world")),
    ],
  ];

  test.each(answers)("%s may be as long as the limit and no longer", async (_, answer) => {
    const source = httpFiles(await serve((_request, response) => answer(response)), { silenceMs: 5_000 });
    expect(Buffer.from((await source.read("file", 11)) ?? []).toString()).toBe("hello world");
    await expect(source.read("file", 10)).rejects.toMatchObject({ code: "file-too-large" });
  });

  test("that comes slowly but steadily is read", async () => {
    const base = await serve((_, response) => {
      let sent = 0;
      const timer = setInterval(() => {
        response.write("x");
        sent += 1;
        if (sent === 12) {
          clearInterval(timer);
          response.end();
        }
      }, 50);
    });
    expect(await httpFiles(base, { silenceMs: 400 }).read("file", 12)).toHaveLength(12);
  });
});

describe("a server", () => {
  test("says by 404 that a file is not there, and by anything else that it fails", async () => {
    const base = await serve(({ url }, response) => response.writeHead(Number(url?.slice(1))).end("something"));
    const files = httpFiles(base, { silenceMs: 5_000 });
    expect(await files.read("404", 10)).toBeUndefined();
    for (const status of ["204", "206", "403", "410", "500"]) {
      await expect(files.read(status, 10)).rejects.toMatchObject({ code: "unexpected-status" });
    }
    await expect(files.read("302", 10)).rejects.toMatchObject({ code: "redirect-refused" });
  });

  test("that says nothing ends in a time-out, and whoever asks can give up before", async () => {
    const files = httpFiles(await serve(() => undefined), { silenceMs: 50 });
    await expect(files.read("a", 10)).rejects.toMatchObject({ code: "source-timeout" });
    const patient = httpFiles(await serve(() => undefined), { silenceMs: 60_000 });
    const giveUp = new AbortController();
    const reading = patient.read("a", 10, giveUp.signal);
    giveUp.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await expect(patient.read("a", 10, giveUp.signal)).rejects.toThrow("enough");
  });
});

describe("an address", () => {
  test("names a folder, there or not", async () => {
    const folder = newFolder();
    expect(archiveFilesAt(folder, 1).name).toBe(folder);
    expect(archiveFilesAt(`file://${folder}/`, 1).name).toBe(`${folder}/`);
    expect(await archiveFilesAt(`${folder}/nothing`, 1).read("a.pb", 1)).toBeUndefined();
    await expect(existingArchiveFilesAt(`${folder}/nothing`, 1)).rejects.toMatchObject({ code: "source-not-found" });
    expect((await existingArchiveFilesAt(`file://${folder}`, 1)).name).toBe(folder);
  });

  test.each(["ftp://host/", "file://host/folder", "https://user:secret@host/", "https://host/?a=b", "s3://chain"])(
    "that is none is refused: %s",
    (address) => {
      expect(() => archiveFilesAt(address, 1)).toThrow(expect.objectContaining({ code: "invalid-address" }));
    },
  );
});
