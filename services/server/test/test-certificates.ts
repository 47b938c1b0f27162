// Two self-signed certificates (P-256, valid until 2076) with their keys, made for these tests. **Test keys**: everybody
// knows them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { TlsFiles } from "../src/index.ts";

/** A certificate and its private key, in PEM. */
interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Of `one.test`. */
export const ONE: TestCertificate = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIUGs7xG/VUM+z+UqGvfNEzVQlnOGkwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIb25lLnRlc3QwIBcNMjYxMTIwMTQxMzI5WhgPMjA3NjAzMDIx
NDEzMjlaMBMxETAPBgNVBAMMCG9uZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEByR7bNygQgTTduenRS4+l37Q9tLbCBYULhrg1TiswhY0YfEqj6h2L9s1
s8fwJzEJSsP2L95sItZCdhyvjIrrl6NTMFEwHQYDVR0OBBYEFOn/+Xd9ZIL8OJA+
90FHaqEZixRLMB8GA1UdIwQYMBaAFOn/+Xd9ZIL8OJA+90FHaqEZixRLMA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgDvZ0k9Jj8Elz1nPnDEvOGNv5
S/YdG4wG+gstOlMFvkkCIQCxodgOMSUgBTHLcvw2uuslyW7ofPy6E9fgyTxej9Xe
ow==
-----END CERTIFICATE-----
`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrj54WfMrNAgWQpCY
u6nHgJTsXsupxMgXPuAoVEhmivShRANCAAQHJHts3KBCBNN256dFLj6XftD20tsI
FhQuGuDVOKzCFjRh8SqPqHYv2zWzx/AnMQlKw/Yv3mwi1kJ2HK+MiuuX
-----END PRIVATE KEY-----
`,
};

/** Of `two.test`. */
export const TWO: TestCertificate = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIUORjmx1zepwdvo6z5yHsrtOEese4wCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIdHdvLnRlc3QwIBcNMjYxMTIwMTQxMzI5WhgPMjA3NjAzMDIx
NDEzMjlaMBMxETAPBgNVBAMMCHR3by50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEQiBKH6JfQbhTVTSMVoHtm0LNWEiY1PyEcTezKNV8ulbBSz8anxgy7rWE
rhNSSiX5yRNBfvcWZLO0xDF6aJNpFaNTMFEwHQYDVR0OBBYEFN0JSTKw/6eaTkxz
EAaQeD+tK/q1MB8GA1UdIwQYMBaAFN0JSTKw/6eaTkxzEAaQeD+tK/q1MA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAJ5GspXli+e5lmiYJgD83YOI
h2m8Cempy+lf8Q+eJG4zAiAMhI3ujbPYH/mSbvYk6b7CvX2pGFy7KXgjWm4s4EXv
YA==
-----END CERTIFICATE-----
`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPx765ZpLQFVobO2O
oltIolm9NblUS4+Gtywo05/zn/KhRANCAARCIEofol9BuFNVNIxWge2bQs1YSJjU
/IRxN7Mo1Xy6VsFLPxqfGDLutYSuE1JKJfnJE0F+9xZks7TEMXpok2kV
-----END PRIVATE KEY-----
`,
};

const folder = mkdtempSync(join(tmpdir(), "fogbow-server-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where files of a name are, which need not be there. */
export const filesOf = (name: string): TlsFiles => ({
  certificateChainPath: join(folder, `${name}.pem`),
  privateKeyPath: join(folder, `${name}.key`),
});

/** Writes a certificate and its key into files of a name. */
export function writeFiles(name: string, { certificate, privateKey }: TestCertificate): TlsFiles {
  const files = filesOf(name);
  writeFileSync(files.certificateChainPath, certificate);
  writeFileSync(files.privateKeyPath, privateKey);
  return files;
}
