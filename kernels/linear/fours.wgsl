// Fours of features, counted through all of a row, whatever a reader's run holds of them. With a reader.

fn site_of_four(four: u32, group: u32) -> Site {
#if run_fours > 1
  return site_of(four / ${(channels + 3) / 4}u * ${texels}u + four % ${(channels + 3) / 4}u / ${run_fours}u, group);
#else
  return site_of(four, group);
#end
}

// Which one of its run a four is.
fn part_of_four(four: u32) -> u32 {
#if run_fours > 1
  return four % ${(channels + 3) / 4}u % ${run_fours}u;
#else
  return 0u;
#end
}

// A run that begins with the four.
fn run_of_four(block: u32, row: Row, four: u32, group: u32) -> Run {
  let run = input_run(block, row, site_of_four(four, group));
#if run_fours > 1
  return run_from(run, part_of_four(four));
#else
  return run;
#end
}
