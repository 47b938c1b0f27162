// A small server that speaks as much of S3 as archives need. It verifies signatures by itself, from Amazon's description of
// SigV4 and with none of the code that makes them.
import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Who may write to the server's one bucket, `chain`; anybody may read. */
export interface Bucket {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly objects: Map<string, { readonly content: Buffer; readonly headers: IncomingMessage["headers"] }>;
  /** Whether somebody without credentials is told 404 of what is missing, and not 403. */
  readonly isListable: boolean;
  /** What was asked: method and path. */
  readonly asked: string[];
}

/** A bucket with nothing in it. */
export const newBucket = (): Bucket => ({
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "eu-central-1",
  objects: new Map(),
  isListable: false,
  asked: [],
});

/** Answers requests for a bucket. */
export function s3(bucket: Bucket) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const { method = "", url = "" } = request;
    bucket.asked.push(`${method} ${url}`);
    const isSigned = request.headers.authorization !== undefined;
    if (isSigned ? !isRightlySigned(request, body, bucket) : method === "PUT") {
      response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
      return;
    }
    if (method === "PUT") {
      bucket.objects.set(url, { content: body, headers: request.headers });
      response.writeHead(200).end();
      return;
    }
    const object = bucket.objects.get(url);
    if (object === undefined) response.writeHead(isSigned || bucket.isListable ? 404 : 403).end("<Error/>");
    else
      response
        .writeHead(200, { "content-length": object.content.length })
        .end(method === "HEAD" ? undefined : object.content);
  };
}

/** AWS Signature Version 4, as a server checks it. */
function isRightlySigned({ method, url = "", headers }: IncomingMessage, body: Buffer, bucket: Bucket): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, keyId, date = "", region = "", signedHeaders = "", signature] =
    pattern.exec(headers.authorization ?? "") ?? [];
  const time = String(headers["x-amz-date"]);
  if (keyId !== bucket.accessKeyId || region !== bucket.region || !time.startsWith(date)) return false;
  if (
    Math.abs(Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z")) - Date.now()) >
    900_000
  )
    return false;
  const names = signedHeaders.split(";");
  if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => names.includes(name))) return false;
  const bodyHash = createHash("sha256").update(body).digest("hex");
  if (headers["x-amz-content-sha256"] !== bodyHash) return false;
  const canonical = [
    method,
    url,
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    signedHeaders,
    bodyHash,
  ].join("\n");
  const scope = `${date}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${bucket.secretAccessKey}`, date), region), "s3"), "aws4_request");
  return hmac(key, toSign).toString("hex") === signature;
}
