package doppio.internal;

import static doppio.internal.Implementations.MODULE;
import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import doppio.internal.ChildJvm.Result;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions under options that a JVM has from its start. */
@Tag("jvm")
class ConvolutionJvmTest {
  private static final long SCRATCH = 8 << 20;

  /** Both kernels, all widths of vectors that the processor has, one thread and several. */
  @Test
  void bitsDependOnNothing() {
    List<List<String>> settings = new ArrayList<>();
    settings.add(options(SCALAR, 1));
    settings.add(options(SCALAR, 3));
    for (int bytes : new int[] {16, 32, 64}) {
      List<String> vector = options(VECTOR, bytes == 32 ? 4 : 1);
      vector.add("-XX:MaxVectorSize=" + bytes);
      settings.add(vector);
    }
    List<String> expected = null;
    for (List<String> options : settings) {
      Result result = ChildJvm.run(ConvolutionProgram.class, options, "bits");
      assertThat(result.exit()).as("%s: %s", options, result).isZero();
      List<String> bits = result.output().subList(1, 4);
      expected = expected == null ? bits : expected;
      assertThat(bits).as("%s", options).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void memoryStaysSmallWhateverTheBatchAndTheLengthOfARow(String kernels) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean,
        "this JVM does not count what it allocates");
    Result result = ChildJvm.run(ConvolutionProgram.class, options(kernels, 1), "memory");
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(number(result.output().get(1), "first call: ")).isLessThan(SCRATCH);
    assertThat(number(result.output().get(2), "step: "))
        .isLessThan(ConvolutionProgram.SMALL_OBJECTS);
  }

  private static long number(String line, String name) {
    assertThat(line).startsWith(name);
    return Long.parseLong(line.substring(name.length()));
  }

  private static List<String> options(String kernels, int threads) {
    List<String> options = new ArrayList<>();
    if (kernels.equals(VECTOR)) {
      options.addAll(List.of("--add-modules", MODULE));
    }
    options.add("-Ddoppio.kernels=" + kernels);
    options.add("-Ddoppio.threads=" + threads);
    return options;
  }
}
