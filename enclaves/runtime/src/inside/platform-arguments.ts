// A platform's options on the launcher's command line, where an operator's measured manifest holds them.
import { RuntimeError } from "../error.ts";
import type { PlatformOptions } from "../platform/open-platform.ts";

/** The launcher's options about the platform, for `parseArgs`. */
export const PLATFORM_ARGUMENTS = {
  platform: { type: "string" },
  "state-folder": { type: "string" },
  "software-mode": { type: "boolean" },
  "counter-file": { type: "string" },
  "sealing-key-file": { type: "string" },
  binding: { type: "string" },
  reports: { type: "string" },
} as const;

/** What `parseArgs` makes of them. */
export type PlatformValues = { readonly [Name in keyof typeof PLATFORM_ARGUMENTS]?: string | boolean | undefined };

/** The arguments that say the same as the options. */
export function platformArguments(options: PlatformOptions): string[] {
  const { kind, ...rest } = options;
  const dashed = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const others = Object.entries(rest).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [dashed(name)] : [`${dashed(name)}=${value}`];
  });
  return [`--platform=${kind}`, ...others];
}

/** The options that arguments say. Throws {@link RuntimeError} `platform-unavailable` for a platform that there is not. */
export function platformFromArguments(values: PlatformValues): PlatformOptions {
  const text = (name: keyof PlatformValues): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const given = <T extends object>(options: T): T =>
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T; // Without absent keys.
  const kind = text("platform");
  switch (kind) {
    case "simulated":
      return given({
        kind,
        stateFolder: text("state-folder"),
        softwareMode: values["software-mode"] === true,
      }) as PlatformOptions;
    case "gramine-sgx":
      return given({ kind, counterFile: text("counter-file") }) as PlatformOptions;
    case "tdx":
    case "sev-snp":
      return given({
        kind,
        binding: bindingOf(text("binding")),
        reports: text("reports"),
        sealingKeyFile: text("sealing-key-file"),
        counterFile: text("counter-file"),
      }) as PlatformOptions;
    default:
      throw new RuntimeError(
        "platform-unavailable",
        "Name a platform: --platform=simulated, gramine-sgx, tdx or sev-snp.",
      );
  }
}

function bindingOf(text: string | undefined): "image" | "rtmr3" | "host-data" {
  if (text === "image" || text === "rtmr3" || text === "host-data") return text;
  throw new RuntimeError("platform-unavailable", "Say what binds the bundle: --binding=image, rtmr3 or host-data.");
}
