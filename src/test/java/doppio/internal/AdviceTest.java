package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdviceTest {
  @ParameterizedTest
  @CsvSource({
    "softmax, SOFTMAX_TWICE",
    "zeroGrad, NO_ZERO_GRAD",
    "evaluation, TRAINING_MODE",
    "loader, NO_BATCH"
  })
  void aLikelyMistakeIsLoggedOnceAProcess(String mistake, Advice advice) {
    assertThat(warnings(mistake)).containsExactly("WARNING: " + advice.message());
  }

  @Test
  void whatOnlyLooksLikeAMistakeIsNotLogged() {
    assertThat(warnings("none")).isEmpty();
  }

  /** The JDK's logging takes some 60 ms to start, and an exit closes it at any moment of them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 10, 20, 25, 30, 35, 40, 60})
  void aProgramThatExitsSoonStillShowsWhatWasLogged(int millis) {
    List<String> warnings = warnings("exit", Integer.toString(millis));
    assertThat(warnings).containsExactly("WARNING: " + Advice.NO_BATCH.message());
  }

  @Test
  void theSentencesSayWhatToDo() {
    assertThat(Advice.SOFTMAX_TWICE.message())
        .isEqualTo(
            "CrossEntropy got rows that are probabilities already (none negative, each row adds up"
                + " to 1): it applies softmax itself and learns slowly after another one; leave out"
                + " Softmax in training, or take LogSoftmax with NLL");
    assertThat(Advice.NO_ZERO_GRAD.message())
        .isEqualTo(
            "an optimizer has made 10 steps without a zeroGrad between them: each used the sum of"
                + " all gradients so far; call optimizer.zeroGrad() before each backward");
    assertThat(Advice.TRAINING_MODE.message())
        .isEqualTo(
            "a module has seen 20 calls of forward in training mode without a backward, as if they"
                + " were an evaluation: infer(x) answers without Dropout and with the running"
                + " statistics of batch normalisation, from any number of threads; or call eval()"
                + " first");
    assertThat(Advice.NO_BATCH.message())
        .isEqualTo(
            "a DataLoader that drops a partial last batch has fewer samples than one batch: its"
                + " epochs are empty; take smaller batches, or dropLast(false)");
  }

  private static List<String> warnings(String... program) {
    List<String> options = List.of("-Ddoppio.kernels=scalar", "-Duser.language=en");
    ChildJvm.Result result = ChildJvm.run(AdviceProgram.class, options, program);
    assertThat(result.exit()).as("%s", result.errors()).isZero();
    return result.errors().stream().filter(line -> line.startsWith("WARNING: ")).toList();
  }
}
