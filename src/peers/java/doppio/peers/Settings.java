package doppio.peers;

import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param workloads their names
 * @param rounds how often each contestant has its turn
 * @param seconds of a measurement
 * @param warmUp seconds before it
 * @param core where all run, or all cores if empty
 * @param peak GFLOP/s of a core at most, for the picture of growth; 0 if nobody says
 */
record Settings(
    List<String> workloads,
    int rounds,
    double seconds,
    double warmUp,
    int threads,
    String core,
    double peak) {

  private static final String USAGE =
      "expected workloads (W1 ... W11, growth, or WIDTHxDEPTHxBATCH; all of W1 to W11 if none),"
          + " --rounds N (3), --seconds S (4), --warm-up S (5), --threads N (1), --core N,"
          + " --peak GFLOP/S, got ";

  static Settings parse(String[] args) {
    List<String> workloads = new ArrayList<>();
    int rounds = 3;
    double seconds = 4;
    double warmUp = 5;
    int threads = 1;
    String core = "";
    double peak = 0;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--rounds" -> rounds = Integer.parseInt(value(args, ++i));
        case "--seconds" -> seconds = Double.parseDouble(value(args, ++i));
        case "--warm-up" -> warmUp = Double.parseDouble(value(args, ++i));
        case "--threads" -> threads = Integer.parseInt(value(args, ++i));
        case "--core" -> core = value(args, ++i);
        case "--peak" -> peak = Double.parseDouble(value(args, ++i));
        case "growth" -> workloads.addAll(Workloads.GROWTH);
        default -> {
          if (!Workloads.has(args[i])) {
            throw new IllegalArgumentException(USAGE + args[i]);
          }
          workloads.add(args[i]);
        }
      }
    }
    List<String> chosen = workloads.isEmpty() ? Workloads.NAMED : workloads;
    return new Settings(List.copyOf(chosen), rounds, seconds, warmUp, threads, core, peak);
  }

  private static String value(String[] args, int i) {
    if (i == args.length) {
      throw new IllegalArgumentException(USAGE + args[i - 1] + " without a value");
    }
    return args[i];
  }
}
