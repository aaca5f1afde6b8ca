package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.golden.Golden;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayerGoldenTest {
  /** A module that was added since the file was made is compared by the parity profile alone. */
  @Test
  void outputsAndGradientsAreThoseOfPyTorch() {
    Map<String, Tensor> golden = Golden.load("layer/");
    Set<String> rows = new HashSet<>();
    golden.keySet().forEach(name -> rows.add(name.substring(0, name.indexOf('/'))));
    List<ModuleCase> cases = ModuleCases.all().filter(c -> rows.contains(c.toString())).toList();
    assertThat(cases).hasSameSizeAs(rows);
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (ModuleCase c : cases) {
      LayerResults.of(c.create(1), c.batch(2, 3))
          .forEach((name, tensor) -> results.put(c + "/" + name, tensor));
    }
    Golden.assertClose(results, golden, 1e-12);
  }
}
