// The readable form of figures: one aligned line each.
import type { Figure } from "./measure.ts";

const NAME_WIDTH = 30;
const WIDTHS: readonly number[] = [8, 8, 8, 8, 8];

/** The line above the figures. */
export const heading: string = line("figure", "unit", "p50", "p99", "ratio", "peer p50", "peer");

/** One figure, in the columns of {@link heading}. */
export function row({ name, unit, p50, p99, ratio, peerP50, peer }: Figure): string {
  return line(name, unit, p50, p99, ratio === undefined ? "" : `${ratio.toFixed(2)} ×`, peerP50 ?? "", peer ?? "");
}

function line(...cells: (string | number)[]): string {
  const [name = "", ...others] = cells.map(String);
  return [name.padEnd(NAME_WIDTH), ...others.map((cell, i) => cell.padStart(WIDTHS[i] ?? 0))].join("  ");
}
