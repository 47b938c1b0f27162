// What AMD writes about a chip and its firmware into the certificate of its key (VCEK), in extensions (spec 04 §12.2).

import { DerReader } from "../der/read-der.ts";
import { readSmallInteger } from "../der/values.ts";
import { AttestError } from "../error.ts";
import type { Certificate } from "../x509/certificate.ts";
import { extensionValue } from "../x509/extensions.ts";
import type { SnpProduct, SnpTcb } from "./snp-report.ts";

/** What a certificate of a chip's key says. */
export interface Vcek {
  /** Such as `Milan-B0`. */
  readonly productName: string;
  readonly tcb: SnpTcb;
  /** The chip's id: 64 bytes, on Turin 8. */
  readonly hardwareId: Uint8Array;
}

const AMD = "1.3.6.1.4.1.3704.1";
const IA5_STRING = 0x16;

/** Reads the extensions of a chip's certificate. Throws `snp-certificate-malformed`. */
export function readVcek(certificate: Certificate, product: SnpProduct): Vcek {
  const integer = (oid: string): number => {
    const value = readSmallInteger(new DerReader(extension(certificate, oid)));
    if (value > 255) {
      throw malformed(`has ${value} under ${oid}, at most 255 is possible`);
    }
    return value;
  };
  const hardwareId = extension(certificate, `${AMD}.4`);
  const idBytes = product === "Turin" ? 8 : 64;
  if (hardwareId.length !== idBytes) {
    throw malformed(`has a hardware id of ${hardwareId.length} bytes, not ${idBytes}`);
  }
  return {
    productName: String.fromCharCode(...new DerReader(extension(certificate, `${AMD}.2`)).content(IA5_STRING)),
    tcb: {
      bootLoader: integer(`${AMD}.3.1`),
      tee: integer(`${AMD}.3.2`),
      snp: integer(`${AMD}.3.3`),
      microcode: integer(`${AMD}.3.8`),
      fmc: product === "Turin" ? integer(`${AMD}.3.9`) : 0,
    },
    hardwareId,
  };
}

function extension({ extensions }: Certificate, oid: string): Uint8Array {
  const value = extensionValue(extensions, oid);
  if (value === undefined) {
    throw malformed(`says nothing under ${oid}`);
  }
  return value;
}

function malformed(what: string): AttestError {
  return new AttestError("snp-certificate-malformed", `The certificate of the chip's key ${what}.`);
}
