package doppio.soak;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv2d;
import doppio.nn.Flatten;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.TransformerEncoderLayer;
import doppio.nn.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Many threads ask the same models, and each answer is looked at to the bit. */
final class CallersProgram {
  private static final int CALLERS = 64;
  private static final int[] BATCHES = {1, 7, 64};

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Question(Module model, Tensor x, double[] answer) {
    boolean isAnswered() {
      return Arrays.equals(model.infer(x).data(), answer);
    }
  }

  private CallersProgram() {}

  /**
   * Prints a digest of all answers, as one caller gets them, and how many were given to 64 callers
   * and how many of those were wrong. The argument is the number of seconds.
   */
  public static void main(String[] arguments) throws InterruptedException {
    List<Question> questions = questions();
    System.out.println(
        Digest.of(
            questions.stream().map(q -> Tensor.wrap(q.answer(), q.answer().length)).toList()));
    long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000_000L;
    AtomicLong answers = new AtomicLong();
    AtomicLong wrong = new AtomicLong();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Generator random = new Generator(i);
      callers.add(
          new Thread(
              () -> {
                while (System.nanoTime() < end) {
                  Question question = questions.get((int) (random.random32() % questions.size()));
                  answers.incrementAndGet();
                  wrong.addAndGet(question.isAnswered() ? 0 : 1);
                }
              }));
    }
    callers.forEach(Thread::start);
    for (Thread caller : callers) {
      caller.join();
    }
    System.out.println(answers + " " + wrong);
  }

  private static List<Question> questions() {
    Generator g = new Generator(1);
    List<Question> questions = new ArrayList<>();
    Module dense =
        new Sequential(new Linear(128, 1024, g), new ReLU(), new Linear(1024, 10, g)).eval();
    Module images =
        new Sequential(
                new Conv2d(3, 16, Window.of(3).padding(1), g),
                new BatchNorm2d(16),
                new ReLU(),
                new Flatten(),
                new Linear(2304, 10, g))
            .eval();
    Module sequences =
        new Sequential(new LSTM(8, 40, g), new LastStep(), new Linear(40, 3, g)).eval();
    Module attention =
        new Sequential(
                new TransformerEncoderLayer(16, 4, 64, 0, new ReLU(), true, false, g),
                new Linear(16, 3, g))
            .eval();
    for (int n : BATCHES) {
      add(questions, dense, n, 128);
      add(questions, images, n, 3, 12, 12);
      add(questions, sequences, n, 9, 8);
      add(questions, attention, n, 12, 16);
    }
    return questions;
  }

  private static void add(List<Question> questions, Module model, int n, int... sample) {
    int[] shape = new int[sample.length + 1];
    shape[0] = n;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    Tensor x = RandomTensors.normal(n, shape);
    questions.add(new Question(model, x, model.infer(x).data()));
  }
}
