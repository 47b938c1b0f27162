import { archivePath, encodeArchiveBlock } from "@fogbow/core-block";
import { describe, expect, test } from "vitest";
import {
  ArchiveBlockSource,
  archiveDestinationAt,
  archiveFilesAt,
  parseS3Address,
  s3CredentialsFrom,
} from "../src/index.ts";
import { makeChain } from "./chain.ts";
import { serve } from "./places.ts";
import { newBucket, s3 } from "./s3-server.ts";

const silenceMs = 5_000;

async function start(bucket = newBucket()) {
  const endpoint = await serve(s3(bucket));
  const address = `s3://chain/node-1?region=${bucket.region}&endpoint=${endpoint}`;
  const { accessKeyId, secretAccessKey } = bucket;
  return { bucket, address, credentials: { accessKeyId, secretAccessKey } };
}

test("what is written with the right key can be read by anybody", async () => {
  const { bucket, address, credentials } = await start();
  const chain = makeChain(3);
  const destination = archiveDestinationAt(address, { credentials, silenceMs });
  for (const data of chain)
    await destination.write(archivePath(data.block.index), [encodeArchiveBlock(data)], "archive");
  const source = new ArchiveBlockSource(archiveFilesAt(address, silenceMs));
  expect(await source.fetch(2n)).toEqual(chain[2]);
  expect(await source.fetch(3n)).toBeUndefined();
  expect([...bucket.objects.keys()][1]).toBe(`/chain/node-1/${archivePath(1n)}`);
  expect(await destination.has(archivePath(2n))).toBe(true);
  expect(await destination.has(archivePath(3n))).toBe(false);
  expect(await destination.read(archivePath(2n), 100_000)).toEqual(encodeArchiveBlock(chain[2] as never));
  expect(await destination.read(archivePath(3n), 100_000)).toBeUndefined();
});

test("what never changes may be kept for ever, and the head for a second", async () => {
  const { bucket, address, credentials } = await start();
  const destination = archiveDestinationAt(address, { credentials, silenceMs });
  await destination.write("a.pb", [new Uint8Array(3)], "archive");
  await destination.write("head.json", [new Uint8Array(3)], "head");
  const cacheControl = (path: string): unknown => bucket.objects.get(`/chain/node-1/${path}`)?.headers["cache-control"];
  expect(cacheControl("a.pb")).toMatch(/^public, .*immutable$/);
  expect(cacheControl("head.json")).toBe("public, max-age=1");
});

describe("nothing is written", () => {
  test.each([
    ["with a wrong secret", { secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEZ" }],
    ["in another's name", { accessKeyId: "AKIDOTHER" }],
  ])("%s", async (_, wrong) => {
    const { bucket, address, credentials } = await start();
    const destination = archiveDestinationAt(address, { credentials: { ...credentials, ...wrong }, silenceMs });
    await expect(destination.write("a.pb", [new Uint8Array(1)], "archive")).rejects.toMatchObject({
      code: "unexpected-status",
    });
    await expect(destination.has("a.pb")).rejects.toMatchObject({ code: "unexpected-status" });
    await expect(destination.read("a.pb", 10)).rejects.toMatchObject({ code: "unexpected-status" });
    expect(bucket.objects.size).toBe(0);
  });

  test("for another region", async () => {
    const { bucket, address, credentials } = await start();
    const elsewhere = address.replace(bucket.region, "us-east-1");
    const destination = archiveDestinationAt(elsewhere, { credentials, silenceMs });
    await expect(destination.write("a.pb", [], "archive")).rejects.toMatchObject({ code: "unexpected-status" });
  });

  test("without a key", async () => {
    const { address } = await start();
    const write = (): unknown => archiveDestinationAt(address, { credentials: undefined, silenceMs });
    expect(write).toThrow(expect.objectContaining({ code: "missing-credentials" }));
  });
});

test("no message says the secret", async () => {
  const { address, credentials } = await start();
  const wrong = { ...credentials, secretAccessKey: "planted-secret" };
  const destination = archiveDestinationAt(address, { credentials: wrong, silenceMs });
  const error: unknown = await destination.write("a.pb", [], "archive").catch((reason: unknown) => reason);
  expect(`${error} ${JSON.stringify(error)} ${destination.name}`).not.toContain("planted-secret");
});

test("addresses name a bucket, a folder and a region", () => {
  expect(parseS3Address("s3://chain/a/b?region=eu-west-3")).toEqual({
    region: "eu-west-3",
    baseUrl: "https://s3.eu-west-3.amazonaws.com/chain/a/b/",
  });
  expect(parseS3Address("s3://my.chain?region=us-east-1").baseUrl).toBe("https://s3.us-east-1.amazonaws.com/my.chain/");
  expect(parseS3Address("s3://chain/?endpoint=https://minio.example:9000/")).toEqual({
    region: "us-east-1",
    baseUrl: "https://minio.example:9000/chain/",
  });
});

test.each([
  "s3://",
  "s3:///a?region=eu-west-3",
  "s3://chain/a",
  "s3://Chain/a?region=eu-west-3",
  "s3://chain/a b?region=eu-west-3",
  "s3://chain/a?region=eu-west-3&x=1",
  "s3://chain/a?region=",
  "s3://user@chain/a?region=eu-west-3",
  "s3://chain/a?endpoint=ftp://host",
  "s3://chain/a?endpoint=https://host/path",
  "s3://chain/a?endpoint=https://user:secret@host",
])("the address %s is refused", (address) => {
  expect(() => parseS3Address(address)).toThrow(expect.objectContaining({ code: "invalid-address" }));
});

test("credentials come from the variables that Amazon's tools read", () => {
  const [id, secret] = ["id", "secret"];
  expect(s3CredentialsFrom({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret })).toEqual({
    accessKeyId: id,
    secretAccessKey: secret,
  });
  expect(
    s3CredentialsFrom({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: "t" }),
  ).toMatchObject({
    sessionToken: "t",
  });
  expect(s3CredentialsFrom({ AWS_ACCESS_KEY_ID: id })).toBeUndefined();
});

test("temporary credentials send their token", async () => {
  const { bucket, address, credentials } = await start();
  const destination = archiveDestinationAt(address, {
    credentials: { ...credentials, sessionToken: "token" },
    silenceMs,
  });
  await destination.write("a.pb", [], "archive");
  expect(bucket.objects.get("/chain/node-1/a.pb")?.headers["x-amz-security-token"]).toBe("token");
});
