package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.source.Compiled;
import doppio.model.JavaSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every module of the table that is the library's computes the same as Java source. All are
 * compiled together, because a compiler takes long to start.
 */
@Tag("once")
class JavaSourceLawsTest {
  private static final double[] SPECIAL = {
    Double.NaN,
    0.0,
    -0.0,
    Double.POSITIVE_INFINITY,
    Double.MIN_VALUE,
    1,
    Double.NEGATIVE_INFINITY,
    -Double.MIN_NORMAL / 2,
    Double.MAX_VALUE,
    -745,
    709.7,
    -1e-300,
    40
  };

  @TempDir private static Path folder;
  private static Compiled compiled;

  /** A module and an input of a shape that it takes. */
  record Written(ModuleCase of, Tensor like, String className) {
    int[] shape() {
      return like.shape();
    }

    @Override
    public String toString() {
      return of + " of " + Arrays.toString(shape());
    }
  }

  @BeforeAll
  static void writeAll() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Written w : written().toList()) {
      sources.add(JavaSource.write(folder, w.className, w.of.create(1), w.shape()));
    }
    assertThat(sources).hasSizeGreaterThan(100);
    compiled = Compiled.of(folder, sources);
  }

  @AfterAll
  static void close() throws IOException {
    compiled.close();
  }

  @ParameterizedTest
  @MethodSource("written")
  void theSourceOfEveryModuleGivesItsBits(Written w) {
    Module module = w.of.create(1);
    for (int seed = 0; seed < 5; seed++) {
      Tensor x = w.of.input(seed, w.shape());
      for (int i = 0; !w.of.takesIndices() && i < x.size(); i++) {
        x.data()[i] *= Math.pow(4, seed);
      }
      assertSameBits(w, module, x);
    }
  }

  @ParameterizedTest
  @MethodSource("writtenForNumbers")
  void theSourceOfEveryModuleGivesItsBitsForSpecialNumbers(Written w) {
    Module module = w.of.create(1);
    for (int first = 0; first < SPECIAL.length; first++) {
      Tensor same = Tensor.full(SPECIAL[first], w.shape());
      assertSameBits(w, module, same);
      Tensor one = RandomTensors.normal(first, w.shape());
      one.data()[first % one.size()] = SPECIAL[first];
      assertSameBits(w, module, one);
      Tensor all = Tensor.zeros(w.shape());
      for (int i = 0; i < all.size(); i++) {
        all.data()[i] = SPECIAL[(first + i) % SPECIAL.length];
      }
      assertSameBits(w, module, all);
    }
  }

  @ParameterizedTest
  @MethodSource("own")
  void aModuleOfOnesOwnIsRefusedByName(ModuleCase c) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaSource.write(folder, "Own", c.create(1), c.single(1).shape()))
        .withMessageContaining("the module")
        .withMessageMatching(".* is of the class doppio\\.(own|nn)\\.\\w+, which has no form.*")
        .withMessageContaining("build it of the library's modules");
    assertThat(folder.resolve("Own.java")).doesNotExist();
  }

  private static void assertSameBits(Written w, Module module, Tensor x) {
    double[] before = x.data().clone();
    double[] y = compiled.infer(w.className, x.data());
    assertThat(y).isEqualTo(module.infer(x).data()).isNotSameAs(x.data());
    assertThat(x.data()).isEqualTo(before);
  }

  private static Stream<Written> written() {
    List<Written> all = new ArrayList<>();
    for (ModuleCase c : ModuleCases.all().filter(c -> !isOwn(c)).toList()) {
      for (Tensor x : c.inputs()) {
        boolean takesAlone = c.keeps(ModuleCase.Law.SAMPLE_ALONE) || x.rank() != c.single(1).rank();
        if (x.size() > 0 && takesAlone) {
          all.add(new Written(c, x, "Case" + all.size()));
        }
      }
    }
    return all.stream();
  }

  private static Stream<Written> writtenForNumbers() {
    return written().filter(w -> !w.of.takesIndices());
  }

  private static Stream<ModuleCase> own() {
    return ModuleCases.all().filter(JavaSourceLawsTest::isOwn);
  }

  /** Whether a module in it is none that stands in the library. */
  private static boolean isOwn(ModuleCase c) {
    return c.create(1).namedModules().values().stream()
        .map(m -> m.getClass().getName().replace('.', '/') + ".java")
        .anyMatch(file -> !Files.exists(Path.of("src/main/java", file)));
  }
}
