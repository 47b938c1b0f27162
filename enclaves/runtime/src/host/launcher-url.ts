// Where `npm run build` puts the launcher; right from src/ and from dist/.

/** The one file that runs an enclave in its own thread or process. */
export const launcherUrl: URL = new URL("../../dist/launcher.mjs", import.meta.url);
