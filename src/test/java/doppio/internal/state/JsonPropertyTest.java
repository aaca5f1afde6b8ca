package doppio.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class JsonPropertyTest {
  @Property
  void stringsMakeTheRoundTrip(@ForAll String text) throws IOException {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    JsonReader json = new JsonReader(JsonWriter.quote(whole).getBytes(StandardCharsets.UTF_8));
    assertThat(json.string()).isEqualTo(whole);
    json.end();
  }
}
