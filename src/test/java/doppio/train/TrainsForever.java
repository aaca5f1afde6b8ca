package doppio.train;

import java.nio.file.Path;

/** Trains without end, a little slowly, and saves when it is told to end. */
final class TrainsForever {
  private TrainsForever() {}

  public static void main(String[] args) {
    boolean exits = args[1].equals("exit");
    new Problem(1)
        .trainer()
        .epochs(Integer.MAX_VALUE)
        .callback(new ShutdownHook())
        .callback(Checkpoints.everyEpochs(Integer.MAX_VALUE, Path.of(args[0])))
        .callback(
            new Callback() {
              @Override
              public void batch(Training training) {
                if (training.step() == 20) {
                  System.out.write('.');
                  System.out.flush();
                }
                if (exits && training.step() == 21) {
                  System.exit(3);
                }
                sleep();
              }
            })
        .fit(Problem.DATA);
  }

  private static void sleep() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
