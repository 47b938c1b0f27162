// Reports: the keys that senders encrypt hints to, inside the evidence of the enclaves that hold them.
import type { Kysely, Transaction } from "kysely";
import { RecoveryDbError } from "../error.ts";
import { EVIDENCE_BYTES_MAX, REPORT_ID_CHARACTERS_MAX } from "../limits.ts";
import type { IngressKeyStatus, ReportData, StoredReport } from "../recovery-db.ts";
import type { Tables } from "../schema/tables.ts";
import { fromSql, toSql } from "../unsigned.ts";
import { keyStatus } from "./ingress-keys.ts";

/** See `RecoveryDb.setReport`. */
export async function publish(
  db: Transaction<Tables>,
  key: Uint8Array,
  { reportId, data }: { readonly reportId: string; readonly data: ReportData },
): Promise<IngressKeyStatus> {
  if (reportId.length > REPORT_ID_CHARACTERS_MAX || data.evidence.length > EVIDENCE_BYTES_MAX) {
    throw new RecoveryDbError("invalid-argument", "The report id or the evidence is too long.");
  }
  const expiry = toSql(data.pubkeyExpiry);
  await db
    .updateTable("ingress_keys")
    .set({ pubkey_expiry: expiry })
    .where("ingress_public_key", "=", key)
    .where("retired", "=", false)
    .where("pubkey_expiry", "<", expiry)
    .execute();
  const status = await keyStatus(db, key);
  if (status === undefined) throw new RecoveryDbError("unknown-key", "There is no such ingress key.");
  if (status.retired) return status;
  const row = {
    ingress_public_key: key,
    ingest_invocation_id: data.invocation ?? null,
    fog_report_id: reportId,
    report: data.evidence,
    pubkey_expiry: expiry,
  };
  const { fog_report_id, ...changed } = row;
  await db
    .insertInto("reports")
    .values(row)
    .onConflict((conflict) => conflict.column("fog_report_id").doUpdateSet(changed))
    .execute();
  return status;
}

/** See `RecoveryDb.allReports`. */
export async function published(db: Kysely<Tables>): Promise<readonly StoredReport[]> {
  const rows = await db.selectFrom("reports").selectAll().orderBy("id").execute();
  return rows.map((row) => ({
    reportId: row.fog_report_id,
    ingressKey: Uint8Array.from(row.ingress_public_key),
    evidence: Uint8Array.from(row.report),
    pubkeyExpiry: fromSql(row.pubkey_expiry),
    ...(row.ingest_invocation_id !== null && { invocation: row.ingest_invocation_id }),
  }));
}

/** See `RecoveryDb.removeReport`. */
export async function withdraw(db: Kysely<Tables>, reportId: string): Promise<void> {
  await db.deleteFrom("reports").where("fog_report_id", "=", reportId).execute();
}
