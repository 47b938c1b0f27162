#!/usr/bin/env node
// The installed command: runs the build of src/main.ts.
import { main } from "../dist/main.js";

process.exitCode = await main(process.argv.slice(2), process);
