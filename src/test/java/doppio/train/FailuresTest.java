package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callbacks throw around a training. */
class FailuresTest {
  @TempDir private Path folder;
  private final List<String> seen = new ArrayList<>();

  /** Throws what Kotlin may: a checked exception that nobody declares. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable t) throws E {
    throw (E) t;
  }

  private static void throwIt(Throwable t) {
    FailuresTest.<RuntimeException>sneak(t);
  }

  private Callback noting(String name) {
    return new Callback() {
      @Override
      public void end(Training training) {
        seen.add(name + " end " + training.outcome());
      }

      @Override
      public void closed(Training training) {
        seen.add(name + " closed");
      }
    };
  }

  @Test
  void aCheckedExceptionFromACallbackIsAFailureAndKeepsTheCheckpoint() throws IOException {
    Path file = folder.resolve("file");
    IOException failure = new IOException("from Kotlin");
    Trainer trainer = new Problem(1).trainer().callback(Checkpoints.everyEpochs(1, file));
    trainer.callback(
        Recorder.onBatch(
            t -> {
              if (t.step() == 8) {
                throwIt(failure);
              }
            }));
    trainer.callback(noting("a"));
    assertThat(catchThrowable(() -> trainer.fit(Problem.DATA))).isSameAs(failure);
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(seen).containsExactly("a end FAILED", "a closed");
    assertThat(new Problem(2).trainer().resume(file).training().step()).isEqualTo(6);
  }

  @Test
  void everyPlaceOfACallbackMayThrowAnything() {
    List<Throwable> failures =
        List.of(new IOException("x"), new AssertionError("x"), new IllegalStateException("x"));
    for (Throwable failure : failures) {
      for (int place = 0; place < 6; place++) {
        seen.clear();
        int here = place;
        Problem problem = new Problem(1);
        problem.model.eval();
        Trainer trainer = problem.trainer().callback(throwing(here, failure)).callback(noting("b"));
        assertThat(catchThrowable(() -> trainer.fit(Problem.DATA))).isSameAs(failure);
        Outcome outcome = place < 4 ? Outcome.FAILED : Outcome.COMPLETED;
        assertThat(seen).containsExactly("b end " + outcome, "b closed");
        assertThat(problem.model.isTraining()).isFalse();
      }
    }
  }

  private static Callback throwing(int place, Throwable failure) {
    return new Callback() {
      private void at(int here) {
        if (here == place) {
          throwIt(failure);
        }
      }

      @Override
      public void start(Training training) {
        at(0);
      }

      @Override
      public void gradients(Training training) {
        at(1);
      }

      @Override
      public void batch(Training training) {
        at(2);
      }

      @Override
      public void epoch(Training training) {
        at(3);
      }

      @Override
      public void end(Training training) {
        at(4);
      }

      @Override
      public void closed(Training training) {
        at(5);
      }
    };
  }

  @Test
  void whatIsThrownAtTheEndDoesNotHideTheCause() {
    IllegalStateException cause = new IllegalStateException("the cause");
    AssertionError end = new AssertionError("at the end");
    IOException closed = new IOException("when closed");
    Trainer trainer = new Problem(1).trainer();
    trainer
        .callback(throwing(2, cause))
        .callback(throwing(4, end))
        .callback(throwing(5, closed))
        .callback(noting("last"));
    assertThat(catchThrowable(() -> trainer.fit(Problem.DATA))).isSameAs(cause);
    assertThat(cause.getSuppressed()).containsExactly(end, closed);
    assertThat(seen).containsExactly("last end FAILED", "last closed");
  }

  @Test
  void oneExceptionThrownTwiceIsThrown() {
    IllegalStateException failure = new IllegalStateException("again and again");
    Trainer trainer = new Problem(1).trainer();
    trainer.callback(throwing(2, failure)).callback(throwing(4, failure));
    trainer.callback(throwing(5, failure));
    assertThat(catchThrowable(() -> trainer.fit(Problem.DATA))).isSameAs(failure);
    assertThat(failure.getSuppressed()).isEmpty();
    Trainer ends = new Problem(1).trainer();
    ends.callback(throwing(4, failure)).callback(throwing(4, failure));
    assertThat(catchThrowable(() -> ends.fit(Problem.DATA))).isSameAs(failure);
  }

  @Test
  void afterAFailureTheTrainingGoesOn() {
    Trainer trainer = new Problem(1).trainer();
    boolean[] fails = {true};
    trainer.callback(
        Recorder.onEnd(
            t -> {
              if (fails[0]) {
                throw new IllegalStateException("once");
              }
            }));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA)).hasMessage("once");
    fails[0] = false;
    assertThat(trainer.epochs(4).fit(Problem.DATA).size()).isEqualTo(4);
  }

  @Test
  void aSourceThatCannotBeginIsAFailureToo() {
    Trainer trainer = new Problem(1).trainer().callback(noting("a"));
    trainer.gradientSource(
        new GradientSource() {
          @Override
          public void begin(doppio.Generator generator) {
            throw new IllegalStateException("cannot begin");
          }

          @Override
          public double compute(Step step) {
            return 0;
          }
        });
    assertThatThrownBy(() -> trainer.fit(Problem.DATA)).hasMessage("cannot begin");
    assertThat(seen).containsExactly("a end FAILED", "a closed");
    assertThat(Files.exists(folder)).isTrue();
  }

  @Test
  void dataThatChangesItsSizeInAnEpochIsRefused() {
    int[] size = {22};
    Trainer trainer = new Problem(1).trainer();
    doppio.data.Samples shrinks =
        new doppio.data.Samples() {
          @Override
          public int size() {
            return size[0];
          }

          @Override
          public int[] inputShape() {
            return new int[] {Problem.INPUTS};
          }

          @Override
          public int[] targetShape() {
            return new int[0];
          }

          @Override
          public void read(int[] rows, doppio.data.Batch into) {
            Problem.DATA.read(rows, into);
          }
        };
    trainer.callback(Recorder.onBatch(t -> size[0] = t.step() == 2 ? 5 : 22));
    assertThatThrownBy(() -> trainer.fit(shrinks))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the training set had 22 samples when the epoch began but has 5 now");
    assertThat(trainer.training().step()).isEqualTo(2);
  }
}
