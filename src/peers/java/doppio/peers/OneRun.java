package doppio.peers;

/** One contestant at one workload, in a process of its own. */
final class OneRun {
  /** After so many runs, the contestants must have come to the same result. */
  private static final int COMPARED = 20;

  private OneRun() {}

  /**
   * The arguments are the contestant, the workload, the threads, how many seconds to warm up, and
   * how many to measure. Prints the result of the 20th run and how many seconds a run takes.
   */
  public static void main(String[] args) {
    Workload workload = Workloads.of(args[1]);
    Job job = Contestant.valueOf(args[0]).job(workload, Integer.parseInt(args[2]));
    for (int i = 0; i < COMPARED; i++) {
      job.run();
    }
    double result = job.result();
    secondsEach(job, Double.parseDouble(args[3]));
    System.out.println(result + " " + secondsEach(job, Double.parseDouble(args[4])));
    // libtorch's own threads may not end.
    Runtime.getRuntime().halt(0);
  }

  private static double secondsEach(Job job, double seconds) {
    long start = System.nanoTime();
    long runs = 0;
    double passed;
    do {
      job.run();
      runs++;
      passed = (System.nanoTime() - start) * 1e-9;
    } while (passed < seconds);
    return passed / runs;
  }
}
