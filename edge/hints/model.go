package hints

import (
	"strings"

	"github.com/clickgate/clickgate/internal/click"
)

// makers tell the brand of a model by its beginning, as uap-core does for the
// same model in a user agent. drop is what it leaves out of the model.
var makers = [...]struct{ begin, brand, drop string }{
	{"SM-", "Samsung", ""},
	{"Pixel", "Google", ""},
	{"Redmi", "XiaoMi", ""},
	{"CPH", "Oppo", ""},
	{"RMX", "Oppo", ""},
	{"ONEPLUS", "OnePlus", ""},
	{"moto ", "Motorola", "moto "},
}

// genericBrand begins uap-core's brands of Android devices that it does not know.
const genericBrand = "Generic"

// setModel sets model and brand. A brand that the user agent told stays with the
// model that it told.
func setModel(d *click.Device, model string) {
	for _, m := range &makers {
		if strings.HasPrefix(model, m.begin) {
			d.Brand, d.Model = m.brand, model[len(m.drop):]
			return
		}
	}
	if d.Model != model && !strings.HasPrefix(d.Brand, genericBrand) {
		d.Brand = ""
	}
	d.Model = model
}
