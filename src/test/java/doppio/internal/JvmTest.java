package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What this JVM says of itself; {@link ChoiceTest} asks others. */
class JvmTest {
  private final String info = System.getProperty("java.vm.info");
  private final String fma = System.getProperty("doppio.fma");

  @AfterEach
  void setBack() {
    set("java.vm.info", info);
    set("doppio.fma", fma);
  }

  @Test
  void itTellsItsVersionAndItsOptions() {
    assertThat(Jvm.version()).isEqualTo(Runtime.version().feature());
    assumeTrue(Jvm.option("UseFMA") != null, "HotSpot");
    assertThat(Jvm.option("UseFMA")).isIn("true", "false");
    assertThat(Integer.parseInt(Jvm.option("TieredStopAtLevel"))).isBetween(0, 4);
    assertThat(Jvm.option("NoSuchOption")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'interpreted mode', -Xint",
    "'Interpreted Mode, sharing', -Xint",
    "'mixed mode, emulated-client, sharing', -XX:TieredStopAtLevel=1"
  })
  void aJvmWithoutTheCompilerOfVectorsNamesTheOptionThatIsWhy(String says, String option) {
    System.setProperty("java.vm.info", says);
    assertThat(Jvm.obstacleToVectors()).isEqualTo(option);
  }

  @Test
  void aJvmNamesTheOptionThatKeepsItFromVectorsOrNone() {
    String level = Jvm.option("TieredStopAtLevel");
    String bytes = Jvm.option("MaxVectorSize");
    assumeTrue(level != null && bytes != null, "HotSpot with C2");
    System.setProperty("java.vm.info", "mixed mode, sharing");
    String stops = "-XX:TieredStopAtLevel=" + level;
    String expected =
        Integer.parseInt(level) < 4
            ? stops
            : "false".equals(Jvm.option("EnableVectorSupport"))
                ? "-XX:-EnableVectorSupport"
                : Integer.parseInt(bytes) < 16 ? "-XX:MaxVectorSize=" + bytes : null;
    assertThat(Jvm.obstacleToVectors()).isEqualTo(expected);
  }

  @Test
  void theWayToMultiplyAndAddIsMeasuredAndElseTheJvmIsAsked() {
    String asked = Jvm.option("UseFMA");
    assertThat(Fma.verdict(0)).isEqualTo("true, as measured");
    assertThat(Fma.verdict(11_999)).isEqualTo("true, as measured");
    for (long slow : new long[] {12_000, Long.MAX_VALUE}) {
      assertThat(Fma.verdict(slow))
          .isEqualTo(asked == null ? "false, as measured" : asked + ", as the JVM says");
    }
  }

  @Test
  void aProductAndASumAreRoundedOnceWhereThatIsFast() {
    double once = Math.fma(0.1, 0.1, -0.01);
    double twice = 0.1 * 0.1 - 0.01;
    assertThat(once).isNotEqualTo(twice);
    assertThat(Fma.fma(0.1, 0.1, -0.01)).isEqualTo(Fma.FAST ? once : twice);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "", "True", "1"})
  void aSettingThatIsNeitherTrueNorFalseIsRefused(String given) {
    System.setProperty("doppio.fma", "true");
    Fma.checkSetting();
    System.setProperty("doppio.fma", "false");
    Fma.checkSetting();
    System.clearProperty("doppio.fma");
    Fma.checkSetting();
    System.setProperty("doppio.fma", given);
    assertThatThrownBy(Fma::checkSetting)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Ddoppio.fma must be true or false, got " + given);
  }

  private static void set(String key, String value) {
    if (value == null) {
      System.clearProperty(key);
    } else {
      System.setProperty(key, value);
    }
  }
}
