package target

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/family"
)

var (
	aboutBrowser = about{click.TargetingBrowser, "device.browsers", func(t *config.Targeting) string { return wantsOf(t.Device.Browsers) }}
	aboutType    = about{click.TargetingDeviceType, "device.device_types", func(t *config.Targeting) string { return wantsOf(t.Device.DeviceTypes) }}
	aboutSystem  = about{click.TargetingOS, "device.operating_systems", func(t *config.Targeting) string { return wantsOf(t.Device.OperatingSystems) }}
	aboutVersion = about{click.TargetingOSVersion, "device.os_versions", func(t *config.Targeting) string { return wantsVersions(t.Device.OSVersions) }}
)

// noDevice stands for a device that was not parsed: it fits nothing and passes
// everything.
var noDevice click.Device

func deviceOf(c *click.Click) *click.Device {
	if c.Device == nil {
		return &noDevice
	}
	return c.Device
}

type browser struct{ names }

func (r *browser) fits(c *click.Click) bool {
	return c.Device == nil || r.admitFamily(c.Device.BrowserName, &family.Browsers)
}

func (r *browser) value(c *click.Click) string { return deviceOf(c).BrowserName }

type deviceType struct{ names }

func (r *deviceType) fits(c *click.Click) bool    { return c.Device == nil || r.admit(c.Device.Type) }
func (r *deviceType) value(c *click.Click) string { return deviceOf(c).Type }

type system struct{ names }

func (r *system) fits(c *click.Click) bool {
	return c.Device == nil || r.admitFamily(c.Device.OSName, &family.Systems)
}

func (r *system) value(c *click.Click) string { return deviceOf(c).OSName }

func (r versions) fits(c *click.Click) bool    { return c.Device == nil || r.admit(c.Device) }
func (r versions) value(c *click.Click) string { return deviceOf(c).OSVersion }

func (r *Rules) addDevice(d *deviceRules) {
	r.add(!d.browsers.empty(), &aboutBrowser, &browser{d.browsers})
	r.add(!d.types.empty(), &aboutType, &deviceType{d.types})
	r.add(!d.systems.empty(), &aboutSystem, &system{d.systems})
	r.add(len(d.versions) > 0, &aboutVersion, d.versions)
}
