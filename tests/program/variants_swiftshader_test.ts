import { compareVariants } from "./compare_variants.ts";

// A thread has the adapter that it asked for first: so these are a file of their own.
compareVariants("SwiftShader", { name: "swiftshader" }, 129);
