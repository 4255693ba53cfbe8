import { checkWorkgroupTiles } from "./check_workgroup_tiles.ts";

checkWorkgroupTiles("the first adapter", {}, 8);
