package doppio.internal;

import static doppio.internal.Implementations.MODULE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.internal.ChildJvm.Result;
import doppio.internal.choice.KernelChoice;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kernels run, as a fresh JVM decides, and what it says. */
@Tag("jvm")
class ChoiceTest {
  /** One step tells which kernels run, and an interpreter makes an object of each vector. */
  private static final String[] SHORT = {"17", "16", "1"};

  private static final String NEEDED = "the java option --add-modules jdk.incubator.vector";
  private static final String NO_FMA = "a processor with fused multiply-add";

  @Test
  void thisJvmHasTheKernelsThatItsSettingsAskFor() {
    String wanted = System.getProperty("doppio.kernels", "auto");
    boolean late = wanted.equals("auto") && Implementations.hasVectorModule() && Fma.FAST;
    assertThat(KernelChoice.kernels().getClass().getSimpleName())
        .isIn(
            wanted.equals("vector") ? "VectorKernels" : "ScalarKernels",
            late ? "VectorKernels" : "");
  }

  @Test
  void scalarKernelsWithoutTheModuleAndALineThatNamesTheFlag() {
    Result result = train();
    assertTrained(result, "ScalarKernels");
    assertThat(result.errors()).last().asString().endsWith(said(NEEDED));
  }

  @Test
  void withTheModuleTheVectorKernelsRunAndNoLineIsLogged() {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    Result result = train("--add-modules", MODULE);
    assertTrained(result, "VectorKernels");
    assertThat(result.errors()).allMatch(line -> line.contains("Using incubator modules"));
  }

  @Test
  void scalarKernelsWhereTheModuleIsThereButNotWanted() {
    Result result = train("--add-modules", MODULE, "-Ddoppio.kernels=scalar");
    assertTrained(result, "ScalarKernels");
    assertThat(result.errors()).allMatch(line -> line.contains("Using incubator modules"));
  }

  @Test
  void scalarKernelsThatLearnWithoutFusedMultiplyAdd() {
    assumeX86();
    Result result = train("--add-modules", MODULE, "-XX:UseAVX=0");
    assertTrained(result, "ScalarKernels");
    assertThat(result.errors()).last().asString().endsWith(said(NO_FMA));
  }

  /** There each operation on vectors would make objects, and training be far slower. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-XX:TieredStopAtLevel=0",
        "-XX:TieredStopAtLevel=1",
        "-XX:TieredStopAtLevel=3",
        "-XX:MaxVectorSize=8",
        "-XX:-EnableVectorSupport"
      })
  void scalarKernelsWhereTheJitMakesNoVectors(String option) {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    String unlock = "-XX:+UnlockExperimentalVMOptions";
    Result result =
        ChildJvm.run(
            TrainingProgram.class, List.of("--add-modules", MODULE, unlock, option), SHORT);
    assertTrained(result, "ScalarKernels");
    assertThat(result.errors().stream().filter(line -> line.contains("kernels")))
        .singleElement()
        .asString()
        .endsWith("vectors of the JIT compiler, which makes none here: " + option);
  }

  @Test
  void vectorsOfTwoDoublesAreEnough() {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    assertTrained(train("--add-modules", MODULE, "-XX:MaxVectorSize=16"), "VectorKernels");
  }

  @Test
  void vectorKernelsAskedForWhereTheJitMakesNone() {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    List<String> options = List.of("--add-modules", MODULE, "-Xint", "-Ddoppio.kernels=vector");
    assertTrained(ChildJvm.run(TrainingProgram.class, options, SHORT), "VectorKernels");
  }

  /** A module of the JDK that is there is not always one that the library's loader shows it. */
  @ParameterizedTest
  @ValueSource(
      strings = {"jdk.incubator.vector.DoubleVector", "doppio.internal.vector.VectorKernels"})
  void scalarKernelsRunAndTheCauseIsLoggedWhereTheClassLoaderHidesAClass(String hidden) {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    Result result = ChildJvm.run(HidingProgram.class, List.of("--add-modules", MODULE), hidden);
    assertThat(result.output()).as("%s", result).containsExactly("ScalarKernels");
    assertThat(result.errors().stream().filter(line -> line.contains("kernels")))
        .singleElement()
        .asString()
        .endsWith(
            said("classes that cannot be loaded: java.lang.ClassNotFoundException: " + hidden));
  }

  /** Far shorter than the JDK's logging takes to start; a daemon thread would lose the line. */
  @Test
  void aProgramThatEndsAtOnceSaysItToo() {
    for (int run = 0; run < 3; run++) {
      Result result = ChildJvm.run(ShortProgram.class, List.of(), "enough");
      assertThat(result.exit()).as("%s", result).isZero();
      assertThat(result.errors()).last().asString().endsWith(said(NEEDED));
    }
  }

  /** What the JIT takes to compile the vector kernels is more than they would save. */
  @Test
  void aProgramThatComputesLittleHasThePlainKernelsAndSaysNothing() {
    Result without = ChildJvm.run(ShortProgram.class, List.of(), "little");
    assertThat(without.output()).as("%s", without).containsExactly("ScalarKernels");
    assertThat(without.errors()).isEmpty();
    Result with = ChildJvm.run(ShortProgram.class, List.of("--add-modules", MODULE), "little");
    assertThat(with.output()).as("%s", with).containsExactly("ScalarKernels");
    assertThat(with.errors()).allMatch(line -> line.contains("Using incubator modules"));
  }

  @Test
  void aProgramThatComputesMuchGoesOverToTheVectorKernels() {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    Result result = ChildJvm.run(ShortProgram.class, List.of("--add-modules", MODULE), "much");
    assertThat(result.output()).as("%s", result).containsExactly("VectorKernels");
  }

  @Test
  void theVectorKernelsBeginWhereTheyAreAskedFor() {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    List<String> options = List.of("--add-modules", MODULE, "-Ddoppio.kernels=vector");
    Result result = ChildJvm.run(ShortProgram.class, options, "little");
    assertThat(result.output()).as("%s", result).containsExactly("VectorKernels");
  }

  @Test
  void aTrainingThatGoesOverHalfwayEndsInTheSameBits() {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    String[] small = {"17", "20", "30"};
    Result plain = ChildJvm.run(TrainingProgram.class, List.of("-Ddoppio.kernels=scalar"), small);
    Result both = ChildJvm.run(TrainingProgram.class, List.of("--add-modules", MODULE), small);
    assertTrained(both, "VectorKernels");
    assertThat(both.output().get(2)).isEqualTo(plain.output().get(2));
  }

  @Test
  void fusedMultiplyAddAsSet() {
    assumeTrue(Fma.FAST, "the vector kernels need " + NO_FMA);
    Result with = train("--add-modules", MODULE, "-Ddoppio.fma=true");
    assertTrained(with, "VectorKernels");
    Result without = train("--add-modules", MODULE, "-Ddoppio.fma=false");
    assertTrained(without, "ScalarKernels");
    assertThat(without.errors())
        .last()
        .asString()
        .contains("scalar kernels; fused multiply-add: false, as set")
        .endsWith(NO_FMA);
    assertThat(without.output().get(2)).isNotEqualTo(with.output().get(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "TRUE"})
  void anUnknownFmaIsRefused(String value) {
    assertRefused(
        train("-Ddoppio.fma=" + value), "-Ddoppio.fma must be true or false, got " + value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "6x4", "8X3"})
  void unknownTilesAreRefused(String value) {
    assertRefused(
        train("-Ddoppio.tiles=" + value), "-Ddoppio.tiles must be auto, 5x2 or 8x3, got " + value);
  }

  /** Which is how much a machine must be loaded for a slow look: all trials are interrupted. */
  @Test
  void whatLooksSlowIsAskedOfTheJvm() {
    assumeTrue(Fma.FAST && Jvm.option("UseFMA") != null, "a JVM that says so");
    assertThat(Fma.verdict(Long.MAX_VALUE)).isEqualTo("true, as the JVM says");
    assertThat(Fma.verdict(1)).isEqualTo("true, as measured");
  }

  @Test
  void vectorKernelsAskedForWithoutFusedMultiplyAdd() {
    assumeX86();
    Result result = train("--add-modules", MODULE, "-XX:UseAVX=0", "-Ddoppio.kernels=vector");
    assertRefused(result, "-Ddoppio.kernels=vector needs " + NO_FMA);
  }

  @Test
  void vectorKernelsAskedForWithoutTheModuleAreRefused() {
    assertRefused(train("-Ddoppio.kernels=vector"), "-Ddoppio.kernels=vector needs " + NEEDED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Vector", "native"})
  void unknownKernelsAreRefused(String name) {
    assertRefused(
        train("-Ddoppio.kernels=" + name),
        "-Ddoppio.kernels must be auto, scalar or vector, got " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5", "10000", "two"})
  void aWrongNumberOfThreadsIsRefused(String number) {
    assertRefused(
        train("-Ddoppio.threads=" + number),
        "-Ddoppio.threads must be a whole number from 1 to 9999, got " + number);
  }

  private static Result train(String... options) {
    return ChildJvm.run(TrainingProgram.class, List.of(options), SHORT);
  }

  private static void assertTrained(Result result, String kernels) {
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output()).hasSize(3).startsWith(kernels, "learned");
  }

  private static void assertRefused(Result result, String message) {
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors())
        .contains("Exception in thread \"main\" java.lang.IllegalStateException: " + message);
  }

  private static String said(String obstacle) {
    return "; the faster vector kernels need " + obstacle;
  }

  private static void assumeX86() {
    assumeTrue(
        List.of("amd64", "x86_64").contains(System.getProperty("os.arch")),
        "another processor has no option to go without fused multiply-add");
  }
}
