import { checkRecurrent } from "../recurrent/check_recurrent.ts";

checkRecurrent("SwiftShader", { name: "swiftshader" });
