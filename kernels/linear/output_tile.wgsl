// Inside a kernel: the outputs of a tile, those past the last of the group as the last.
#if groups > 1
  let group = output_tile / ${output_tiles / groups}u;
  let first_output = group * ${group_outputs}u + output_tile % ${output_tiles / groups}u * ${tile_outputs}u;
  let end_output = (group + 1u) * ${group_outputs}u;
#else
  let group = 0u;
  let first_output = output_tile * ${tile_outputs}u;
  let end_output = outputs;
#end
#for o in 0..tile_outputs
  let output_${o} = min(first_output + ${o}u, end_output - 1u);
#end
