import { checkWorkgroupTiles } from "../layers/check_workgroup_tiles.ts";

checkWorkgroupTiles("SwiftShader", { name: "swiftshader" }, 4);
