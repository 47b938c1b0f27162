// Archive files in object storage that speaks S3. Anybody may read what is public; writing is signed (SigV4).
import { createHash } from "node:crypto";
import { archiveUrl } from "@fogbow/core-block";
import { concatBytes, toHex } from "@fogbow/core-bytes";
import { AwsV4Signer } from "aws4fetch";
import type { ArchiveDestination, ArchiveFiles, FileKind } from "./archive-files.ts";
import { ArchiveError } from "./error.ts";
import { httpFiles } from "./http-files.ts";
import { request, unexpectedStatus } from "./request.ts";

/** Where the files lie: `s3://bucket/prefix?region=…`, or `…?endpoint=https://host` for storage that is not Amazon's. */
export interface S3Address {
  readonly region: string;
  /** The address below which the files lie, ending with a slash. */
  readonly baseUrl: string;
}

/** Who writes. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** Parses an address. Throws `invalid-address`. */
export function parseS3Address(text: string): S3Address {
  const refuse = (what: string): never => {
    throw new ArchiveError("invalid-address", `An address of object storage is s3://bucket/prefix?region=…: ${what}.`);
  };
  const [, bucket = "", prefix = "", query = ""] = /^s3:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(text) ?? [];
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) refuse("the name of the bucket is not one");
  if (!/^[A-Za-z0-9._/-]*$/.test(prefix)) refuse("the prefix has other characters than letters, digits and ._-/");
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((key) => key !== "region" && key !== "endpoint");
  if (unknown !== undefined) refuse("only region and endpoint can be given");
  const endpoint = options.get("endpoint");
  const region = options.get("region") ?? (endpoint === null ? refuse("the region is missing") : "us-east-1");
  if (!/^[a-z0-9-]{1,64}$/.test(region)) refuse("the region is not one");
  const host = endpoint === null ? `https://s3.${region}.amazonaws.com` : endpoint.replace(/\/$/, "");
  if (!/^https?:\/\/[^/?#@]+$/.test(host) || !URL.canParse(host)) refuse("the endpoint is not https://host");
  // The bucket in the path: names with dots fit no certificate as a part of the host.
  const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  return { region, baseUrl: `${host}/${bucket}/${folder.replace(/^\/+/, "")}` };
}

/** The credentials in environment variables, by the names that Amazon's tools use; undefined when there are none. */
export function s3CredentialsFrom(env: Readonly<Record<string, string | undefined>>): S3Credentials | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

/**
 * Public files in object storage. A file that is not there is answered 403 where the bucket may not be listed, so 403 is
 * no error here. Reading rejects as `httpFiles` does.
 */
export function publicS3Files({ baseUrl }: S3Address, silenceMs: number): ArchiveFiles {
  return httpFiles(baseUrl, { silenceMs, absent: [403, 404] });
}

/**
 * Files in object storage to write. Every request is signed; the credentials must be allowed to put and get objects and to
 * list the bucket, or a missing file cannot be told from a forbidden one. Rejects as `httpFiles` does, with
 * `unexpected-status` for credentials that are refused.
 */
export function s3Files(
  { baseUrl, region }: S3Address,
  credentials: S3Credentials,
  silenceMs: number,
): ArchiveDestination {
  const ask = async (method: "GET" | "HEAD" | "PUT", path: string, more: Asking = {}) => {
    const { bytesMax = 0, body, headers = {}, signal } = more;
    const url = archiveUrl(baseUrl, path);
    const signer = new AwsV4Signer({
      method,
      url,
      headers: { ...headers, "x-amz-content-sha256": toHex(sha256(body ?? new Uint8Array())) },
      ...credentials,
      service: "s3",
      region,
    });
    const signed = await signer.sign();
    const sent = body === undefined ? {} : { body };
    const { status, body: answer } = await request({
      url,
      method,
      headers: signed.headers,
      ...sent,
      bytesMax,
      silenceMs,
      signal,
    });
    if (status !== 200 && !(status === 404 && method !== "PUT")) throw unexpectedStatus(url, status);
    return { isThere: status === 200, answer };
  };
  return {
    name: baseUrl,
    read: async (path, bytesMax, signal) => {
      const { isThere, answer } = await ask("GET", path, { bytesMax, signal });
      return isThere ? answer : undefined;
    },
    has: async (path) => (await ask("HEAD", path)).isThere,
    write: async (path, content, kind) => {
      await ask("PUT", path, { body: new Uint8Array(concatBytes(...content)), headers: headersOf(kind) });
    },
  };
}

interface Asking {
  readonly bytesMax?: number;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** What browsers and caches between us and readers are told. */
function headersOf(kind: FileKind): Readonly<Record<string, string>> {
  return kind === "archive"
    ? { "cache-control": "public, max-age=31536000, immutable", "content-type": "application/octet-stream" }
    : { "cache-control": "public, max-age=1", "content-type": "application/json" };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}
